import { createServer, type ServerResponse } from "node:http";
import { z } from "zod";
import {
  careful,
  lying,
  obeying,
  type Question,
  questionIn,
} from "./anthropicAnswers.ts";
import {
  Headers,
  inputOf,
  Request,
  tokens,
  type Usage,
} from "./anthropicRequest.ts";

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
  const next = [...script];
  let always: Behaviour = "careful";
  let requests = 0;
  const paid: Usage[] = [];
  const bodies: string[] = [];
  const cache = new Set<string>();
  const ledger = (): ModelLedger => ({ requests, paid, bodies });

  const server = createServer((request, response) => {
    void (async () => {
      if (request.url === "/__ledger") return send(response, 200, ledger());
      const chunks: Uint8Array[] = [];
      for await (const chunk of request)
        chunks.push(z.instanceof(Uint8Array).parse(chunk));
      const text = Buffer.concat(chunks).toString("utf8");
      requests++;
      bodies.push(text);
      if (request.url !== "/v1/messages" || request.method !== "POST")
        return fail(response, 404, "not_found_error", "no such path");
      const headers = Headers.safeParse(request.headers);
      if (!headers.success)
        return fail(
          response,
          400,
          "invalid_request_error",
          headers.error.message,
        );
      if (headers.data.authorization !== `Bearer ${anthropicKey}`)
        return fail(response, 401, "authentication_error", "invalid key");
      const asked = Request.safeParse(json(text));
      if (!asked.success)
        return fail(
          response,
          400,
          "invalid_request_error",
          asked.error.message,
        );
      return behave(next.shift() ?? always, asked.data, response);
    })().catch(() => response.destroy());
  });

  function behave(
    behaviour: Behaviour,
    asked: Request,
    response: ServerResponse,
  ): void {
    if (behaviour === "hang") return;
    if (behaviour === "cut") return void response.destroy();
    if (behaviour === "stall") {
      response.writeHead(200, { "content-type": "application/json" });
      return void response.write("{");
    }
    if (typeof behaviour === "object") {
      const { status, type = "api_error", retryAfter } = behaviour;
      if (retryAfter !== undefined)
        response.setHeader("retry-after", retryAfter);
      return fail(response, status, type, `an injected ${status}`);
    }
    const message = messageFor(behaviour, asked);
    if (behaviour === "cut-after") return void response.destroy();
    return send(response, 200, message);
  }

  function messageFor(behaviour: Answer, asked: Request) {
    const system = asked.system.map(({ text }) => text).join("\n");
    const question = questionIn(system, asked.messages[0]?.content ?? "");
    const text = textFor(behaviour, question);
    const used = { ...inputOf(asked, cache), output: tokens(text) };
    paid.push(used);
    const reasons = ["refusal", "max_tokens"];
    const named = typeof behaviour === "string" ? behaviour : "";
    return {
      id: `msg_${paid.length}`,
      type: "message",
      role: "assistant",
      model: asked.model,
      content: [
        { type: "thinking", thinking: "", signature: "none" },
        { type: "text", text },
      ],
      stop_reason: reasons.includes(named) ? named : "end_turn",
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

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = z.object({ port: z.int() }).parse(server.address());
  return {
    url: `http://127.0.0.1:${address.port}`,
    ledger,
    /** Queues behaviours for the requests to come. */
    next: (...behaviours: readonly Behaviour[]) =>
      void next.push(...behaviours),
    /** What it does once the script is used up. */
    always: (behaviour: Behaviour) => void (always = behaviour),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
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
  type: string,
  message: string,
): void {
  send(response, status, { type: "error", error: { type, message } });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
