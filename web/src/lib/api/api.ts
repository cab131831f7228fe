import { useMemo } from "react";
import { z } from "zod";
import { type Session, useSession } from "../session/session.ts";

const Problem = z.object({
  title: z.string(),
  detail: z.string(),
  status: z.int(),
  errors: z
    .array(z.object({ field: z.string(), message: z.string() }))
    .optional(),
  current: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});

/** Thrown when the API refuses; it carries what the API said, to be shown as it is. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  readonly status: number;
  readonly title: string;
  readonly errors: readonly {
    readonly field: string;
    readonly message: string;
  }[];
  /** With 409: how the thing stands now. */
  readonly current: Readonly<Record<string, string | number>> | undefined;

  constructor(problem: z.infer<typeof Problem>) {
    super(problem.detail);
    this.status = problem.status;
    this.title = problem.title;
    this.errors = problem.errors ?? [];
    this.current = problem.current;
  }
}

/** Thrown when the API could not be reached; nothing is known of what became of the request. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

type Method = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";

interface Request<T> {
  readonly method?: Method;
  /** Below /api/v1, or below the origin itself where `isOutside`. */
  readonly path: string;
  readonly isOutside?: boolean;
  /** A status besides those of success whose body is an answer, too. */
  readonly answeredBy?: number;
  readonly body?: unknown;
  readonly answer: z.ZodType<T>;
  readonly signal?: AbortSignal;
}

export interface Api {
  /** Asks, and answers what the schema makes of the answer. A command is repeated under one key while its end is not known, so that it has one effect. */
  readonly call: <T>(request: Request<T>) => Promise<T>;
  /** Asks for a file, and has the browser keep it under that name. */
  readonly download: (path: string, name: string) => Promise<void>;
}

const pausesMs = [300, 1_000, 3_000];

/** The API as the person at the screen may use it. */
export function useApi(): Api {
  const { idToken, tenantId } = useSession();
  return useMemo(() => apiOf({ idToken, tenantId }), [idToken, tenantId]);
}

/** The part of the API that belongs to a person, whatever tenant they are in, or none. */
export function usePersonalApi({
  idToken,
}: Pick<Session, "idToken">): Pick<Api, "call"> {
  return useMemo(() => apiOf({ idToken, tenantId: null }), [idToken]);
}

interface Sender {
  readonly idToken: () => Promise<string>;
  readonly tenantId: string | null;
}

function apiOf(session: Sender): Api {
  return {
    call: async (request) => {
      const { method = "GET", path, body, answer, signal } = request;
      const key = method === "GET" ? undefined : crypto.randomUUID();
      const address = request.isOutside === true ? path : `/api/v1${path}`;
      const response = await persistently(session, address, {
        method,
        ...(request.answeredBy === undefined
          ? {}
          : { answeredBy: request.answeredBy }),
        ...(signal === undefined ? {} : { signal }),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        headers: {
          ...(body === undefined ? {} : { "Content-Type": "application/json" }),
          ...(key === undefined ? {} : { "Idempotency-Key": key }),
        },
      });
      const text = await response.text();
      return answer.parse(text === "" ? undefined : JSON.parse(text));
    },
    download: async (path, name) => {
      const response = await persistently(session, `/api/v1${path}`, {
        method: "GET",
      });
      const url = URL.createObjectURL(await response.blob());
      const link = document.createElement("a");
      link.href = url;
      link.download = name;
      link.click();
      URL.revokeObjectURL(url);
    },
  };
}

interface Sent extends Omit<RequestInit, "headers"> {
  readonly headers?: Readonly<Record<string, string>>;
  readonly answeredBy?: number;
}

/** The answer, after as many tries as it takes while the network or the service is away. */
async function persistently(
  session: Sender,
  address: string,
  { headers = {}, answeredBy, ...init }: Sent,
): Promise<Response> {
  for (let attempt = 0; ; attempt += 1) {
    const pause = pausesMs[attempt];
    try {
      const response = await fetch(address, {
        ...init,
        headers: {
          ...headers,
          Authorization: `Bearer ${await session.idToken()}`,
          ...(session.tenantId === null
            ? {}
            : { "X-Tenant-ID": session.tenantId }),
        },
      });
      if (response.ok || response.status === answeredBy) return response;
      if (response.status !== 503 || pause === undefined)
        throw await problemOf(response);
    } catch (error) {
      if (error instanceof ApiProblem || init.signal?.aborted === true)
        throw error;
      if (pause === undefined)
        throw new Unreachable("The API cannot be reached.", { cause: error });
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const body: unknown = await response.json().catch(() => null);
  const problem = Problem.safeParse(body);
  return new ApiProblem(
    problem.success
      ? problem.data
      : {
          title: response.statusText,
          detail: `The API answered ${response.status}.`,
          status: response.status,
        },
  );
}
