import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { z } from "zod";
import {
  careful,
  lying,
  obeying,
  type Question,
  questionIn,
} from "./anthropicAnswers.ts";
import {
  Headers,
  splitInput,
  Request,
  tokens,
  type Usage,
} from "./anthropicRequest.ts";
import { bodyText, json, listenOn } from "./server.ts";

/** An answer that is paid for: `cut-after` is, and never arrives. */
type Answer =
  | "careful"
  | "lying"
  | "obeying"
  | "refusal"
  | "max_tokens"
  | "off-schema"
  | "not-json"
  | "cut-after"
  | ((question: Question) => unknown);

/** What the model does with a request. `stall`: it sends its headers and no more. */
export type Behaviour =
  | Answer
  | "cut"
  | "hang"
  | "stall"
  | {
      readonly status: number;
      readonly type?: string;
      readonly retryAfter?: string;
    };

/** What was asked: requests at all, those that cost money, and the bodies as they came. */
export interface ModelLedger {
  readonly requests: number;
  readonly paid: readonly Usage[];
  readonly bodies: readonly string[];
}

/** The key that it knows. */
export const anthropicKey = "sk-ant-stand-in";

/** What the stand-in does next, and what it keeps of what it was asked. */
interface Model {
  readonly next: Behaviour[];
  always: Behaviour;
  requests: number;
  readonly paid: Usage[];
  readonly bodies: string[];
  readonly cache: Set<string>;
}

/**
 * Serves `POST /v1/messages` on 127.0.0.1, and `GET /__ledger`. Behaviours of the script are used up one by one; then it is careful.
 * The cache is the vendor's: by prefix, up to a marked block, from 1,024 tokens on; a token is four characters.
 */
export async function startAnthropic({
  port,
  script = [],
}: {
  readonly port: number;
  readonly script?: readonly Behaviour[];
}) {
  const model: Model = {
    next: [...script],
    always: "careful",
    requests: 0,
    paid: [],
    bodies: [],
    cache: new Set(),
  };
  const server = createServer((request, response) => {
    handle(model, request, response).catch(() => response.destroy());
  });
  const { url, close } = await listenOn(server, port);
  return {
    url,
    ledger: () => ledger(model),
    /** Queues behaviours for the requests to come. */
    next: (...behaviours: readonly Behaviour[]) =>
      void model.next.push(...behaviours),
    /** What it does once the script is used up. */
    always: (behaviour: Behaviour) => void (model.always = behaviour),
    close,
  };
}

function ledger({ requests, paid, bodies }: Model): ModelLedger {
  return { requests, paid, bodies };
}

async function handle(
  model: Model,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.url === "/__ledger") return send(response, 200, ledger(model));
  const text = await bodyText(request);
  model.requests++;
  model.bodies.push(text);
  if (request.url !== "/v1/messages" || request.method !== "POST")
    return fail(response, 404, ["not_found_error", "no such path"]);
  const headers = Headers.safeParse(request.headers);
  if (!headers.success) return failInvalid(response, headers.error);
  if (headers.data.authorization !== `Bearer ${anthropicKey}`)
    return fail(response, 401, ["authentication_error", "invalid key"]);
  const asked = Request.safeParse(json(text));
  if (!asked.success) return failInvalid(response, asked.error);
  const behaviour = model.next.shift() ?? model.always;
  if (isUnanswered(behaviour)) return misbehave(behaviour, response);
  const message = messageFor(model, behaviour, asked.data);
  if (behaviour === "cut-after") return void response.destroy();
  return send(response, 200, message);
}

function isUnanswered(
  behaviour: Behaviour,
): behaviour is Exclude<Behaviour, Answer> {
  return (
    behaviour === "hang" ||
    behaviour === "cut" ||
    behaviour === "stall" ||
    typeof behaviour === "object"
  );
}

function misbehave(
  behaviour: Exclude<Behaviour, Answer>,
  response: ServerResponse,
): void {
  if (behaviour === "hang") return;
  if (behaviour === "cut") return void response.destroy();
  if (behaviour === "stall") {
    response.writeHead(200, { "content-type": "application/json" });
    return void response.write("{");
  }
  const { status, type = "api_error", retryAfter } = behaviour;
  if (retryAfter !== undefined) response.setHeader("retry-after", retryAfter);
  return fail(response, status, [type, `an injected ${status}`]);
}

function messageFor({ paid, cache }: Model, behaviour: Answer, asked: Request) {
  const system = asked.system.map(({ text }) => text).join("\n");
  const question = questionIn(system, asked.messages[0]?.content ?? "");
  const text = textFor(behaviour, question);
  const used = { ...splitInput(asked, cache), output: tokens(text) };
  paid.push(used);
  const isStopped = behaviour === "refusal" || behaviour === "max_tokens";
  return {
    id: `msg_${paid.length}`,
    type: "message",
    role: "assistant",
    model: asked.model,
    content: [
      { type: "thinking", thinking: "", signature: "none" },
      { type: "text", text },
    ],
    stop_reason: isStopped ? behaviour : "end_turn",
    stop_sequence: null,
    stop_details:
      behaviour === "refusal"
        ? { type: "refusal", category: null, explanation: "a made-up reason" }
        : null,
    usage: {
      input_tokens: used.input,
      output_tokens: used.output,
      cache_creation_input_tokens: used.cacheWrite,
      cache_read_input_tokens: used.cacheRead,
    },
  };
}

function textFor(behaviour: Answer, question: Question): string {
  if (typeof behaviour === "function")
    return JSON.stringify(behaviour(question));
  if (behaviour === "refusal") return "";
  if (behaviour === "max_tokens") return '{"title": "Cut sho';
  if (behaviour === "off-schema") return '{"headline": "No card"}';
  if (behaviour === "not-json") return "Here is your card:";
  if (behaviour === "lying") return JSON.stringify(lying(question));
  if (behaviour === "obeying") return JSON.stringify(obeying(question));
  return JSON.stringify(careful(question));
}

function fail(
  response: ServerResponse,
  status: number,
  [type, message]: readonly [type: string, message: string],
): void {
  send(response, status, { type: "error", error: { type, message } });
}

function failInvalid(response: ServerResponse, error: z.ZodError): void {
  fail(response, 400, ["invalid_request_error", error.message]);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
