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

/** Thrown when the API refuses; it carries the API's words, to be shown as they are. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  readonly status: number;
  readonly title: string;
  readonly errors: readonly {
    readonly field: string;
    readonly message: string;
  }[];
  /** With 409: the current state. */
  readonly current: Readonly<Record<string, string | number>> | undefined;

  constructor(problem: z.infer<typeof Problem>) {
    super(problem.detail);
    this.status = problem.status;
    this.title = problem.title;
    this.errors = problem.errors ?? [];
    this.current = problem.current;
  }
}

/** Thrown when the API could not be reached; the outcome of the request is unknown. */
export class ApiUnreachable extends Error {
  override readonly name = "Unreachable";
}

type Method = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";

interface ApiRequest<T> {
  readonly method?: Method;
  /** Below /api/v1, or below the origin itself where `isOutside`. */
  readonly path: string;
  readonly isOutside?: boolean;
  /** A status that counts as an answer besides those of success. */
  readonly answeredBy?: number;
  readonly body?: unknown;
  readonly answer: z.ZodType<T>;
  readonly signal?: AbortSignal;
}

export interface Api {
  /** Sends a request, and parses the answer by its schema. A command is repeated under one key while its outcome is unknown, so that it has one effect. */
  readonly call: <T>(request: ApiRequest<T>) => Promise<T>;
  /** Downloads a file under that name. */
  readonly download: (path: string, name: string) => Promise<void>;
}

const pausesMs = [300, 1_000, 3_000];

/** The API, as the signed-in person in their tenant. */
export function useApi(): Api {
  const { idToken, tenantId } = useSession();
  return useMemo(() => createApi({ idToken, tenantId }), [idToken, tenantId]);
}

/** The API as a person without a tenant, for what belongs to them alone. */
export function usePersonalApi({
  idToken,
}: Pick<Session, "idToken">): Pick<Api, "call"> {
  return useMemo(() => createApi({ idToken, tenantId: null }), [idToken]);
}

interface Sender {
  readonly idToken: () => Promise<string>;
  readonly tenantId: string | null;
}

function createApi(session: Sender): Api {
  return {
    call: async (request) => {
      const { method = "GET", path, body, answer, signal } = request;
      const key = method === "GET" ? undefined : crypto.randomUUID();
      const address = request.isOutside === true ? path : `/api/v1${path}`;
      const response = await fetchPersistently(session, address, {
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
      const response = await fetchPersistently(session, `/api/v1${path}`, {
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

interface ApiRequestInit extends Omit<RequestInit, "headers"> {
  readonly headers?: Readonly<Record<string, string>>;
  readonly answeredBy?: number;
}

/** The response, after up to three more tries while the network or the service is away. */
async function fetchPersistently(
  session: Sender,
  address: string,
  { headers = {}, answeredBy, ...init }: ApiRequestInit,
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
        throw await toApiProblem(response);
    } catch (error) {
      if (error instanceof ApiProblem || init.signal?.aborted === true)
        throw error;
      if (pause === undefined)
        throw new ApiUnreachable("The API cannot be reached.", {
          cause: error,
        });
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

async function toApiProblem(response: Response): Promise<ApiProblem> {
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
