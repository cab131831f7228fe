import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { CloudTasksClient } from "@google-cloud/tasks";
import * as grpc from "@grpc/grpc-js";
import { fromJSON, type ServiceDefinition } from "@grpc/proto-loader";
import { deleteApp, initializeApp } from "firebase-admin/app";
import { getFunctions } from "firebase-admin/functions";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { systemClock } from "../../functions/src/adapters/clock.ts";
import { doorbell } from "../../functions/src/adapters/google/doorbell.ts";
import {
  adminTasks,
  cloudTasks,
  type Enqueuer,
} from "../../functions/src/adapters/google/tasks.ts";
import { RetryableError } from "../../functions/src/domain/kernel/errors.ts";
import { MessageId } from "../../functions/src/domain/kernel/ids.ts";
import type { Deps } from "../../functions/src/ports/deps.ts";
import type { Ring } from "../../functions/src/ports/messaging.ts";
import { onTask } from "../../functions/src/triggers/onTask.ts";
import { aTenantId } from "../support/builders.ts";
import { localServer } from "../support/localServer.ts";

/** A task as its queue took it. */
interface Taken {
  readonly queue: string;
  readonly name: string;
  readonly at: string;
  readonly url: string;
  readonly serviceAccount: string;
  readonly body: unknown;
}

interface Queue {
  readonly enqueuer: Enqueuer;
  readonly taken: readonly Taken[];
  /** Refuses the next task. */
  readonly refuse: () => void;
  /** Ends the server; the client stays. */
  readonly end: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const at = new Date("2026-11-21T10:00:00.250Z");
const payload = {
  topic: "crm-write",
  tenantId: "north",
  messageId: "crm-write_1",
  traceId: "t1",
};
const queueName = "projects/demo/locations/europe-west1/queues/ringLater";

describe.each([
  {
    name: "Cloud Tasks over gRPC",
    open: overGrpc,
    url: "https://europe-west1-demo.cloudfunctions.net/ringLater",
    serviceAccount: "rings@demo.example",
  },
  {
    name: "the emulator's queue over firebase-admin",
    open: overRest,
    // The emulator knows where its own functions are.
    url: "",
    serviceAccount: "emulated-service-acct@email.com",
  },
])("$name", ({ open, url, serviceAccount }) => {
  let queue: Queue;

  beforeEach(async () => {
    queue = await open();
  });
  afterEach(() => queue.close());

  test("takes a task for its moment, under its name, with the body that the function reads", async () => {
    await queue.enqueuer.enqueue({ name: "ring-1", at, payload });
    expect(queue.taken).toEqual([
      {
        queue: queueName,
        name: `${queueName}/tasks/ring-1`,
        at: at.toISOString(),
        url,
        serviceAccount,
        body: { data: payload },
      },
    ]);
  });

  test("a task of a name that it has is success, and is not put in twice", async () => {
    await queue.enqueuer.enqueue({ name: "ring-1", at, payload });
    await queue.enqueuer.enqueue({ name: "ring-1", at, payload });
    await queue.enqueuer.enqueue({ name: "ring-2", at, payload });
    expect(queue.taken.map(({ name }) => name.split("/").at(-1))).toEqual([
      "ring-1",
      "ring-2",
    ]);
  });

  test("a refusal and a server that is away are worth another try", async () => {
    queue.refuse();
    const task = { name: "ring-1", at, payload };
    await expect(queue.enqueuer.enqueue(task)).rejects.toThrow(RetryableError);
    await queue.enqueuer.enqueue(task);
    expect(queue.taken).toHaveLength(1);
    await queue.end();
    const late = queue.enqueuer.enqueue({ ...task, name: "ring-2" });
    await expect(late).rejects.toThrow(RetryableError);
  });

  test("what it took the function rings for", async () => {
    await queue.enqueuer.enqueue({ name: "ring-1", at, payload });
    const { data } = z
      .object({ data: z.unknown() })
      .parse(queue.taken[0]?.body);
    expect((await workedOn(data)).rung).toEqual([
      {
        topic: "crm-write",
        tenantId: aTenantId("north"),
        messageId: MessageId.parse("crm-write_1"),
        traceId: "t1",
        at,
        starts: 0,
      },
    ]);
  });

  test("a sweep that is asked for is one task, and looks for what is due in each shard", async () => {
    const bell = doorbell({
      pubsub: () => Promise.reject(new Error("A sweep is not published.")),
      queue: () => Promise.resolve(queue.enqueuer),
      clock: systemClock,
    });
    await bell.sweepAt(at);
    await bell.sweepAt(at);
    expect(queue.taken.map((task) => task.at)).toEqual([at.toISOString()]);
    const { data } = z
      .object({ data: z.unknown() })
      .parse(queue.taken[0]?.body);
    const { rung, swept } = await workedOn(data);
    expect(rung).toEqual([]);
    expect(new Set(swept)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7]));
  });
});

/** What the function of the queue rings for, and which shards it sweeps, when it is handed the data of a task. */
async function workedOn(data: unknown): Promise<{
  readonly rung: readonly Ring[];
  readonly swept: readonly unknown[];
}> {
  const rung: Ring[] = [];
  const swept: unknown[] = [];
  const deps: Pick<Deps, "doorbell" | "clock" | "log"> & {
    readonly store: Pick<Deps["store"], "query">;
  } = {
    store: {
      query: ({ where }) => {
        swept.push(where.find(([field]) => field === "shard")?.[2]);
        return Promise.resolve([]);
      },
    },
    doorbell: {
      ring: (rings) => Promise.resolve(void rung.push(...rings)),
      sweepAt: () => Promise.reject(new Error("It is no tick.")),
    },
    clock: {
      now: () => at,
      abortAfter: () => {
        throw new Error("it sets itself no time");
      },
    },
    log: {
      write: (_severity, message) => {
        throw new Error(message);
      },
    },
  };
  // It asks for no more of them than these.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const all = deps as Deps;
  const where = { region: "europe-west1" };
  const ringLater = onTask(where, () => Promise.resolve(all));
  await ringLater.run({
    data,
    queueName: "ringLater",
    id: "ring-1",
    retryCount: 0,
    executionCount: 0,
    scheduledTime: at.toISOString(),
  });
  return { rung, swept };
}

const CreateTask = z.object({
  parent: z.string(),
  task: z.object({
    name: z.string(),
    scheduleTime: z.object({ seconds: z.string(), nanos: z.int() }),
    httpRequest: z.object({
      url: z.url(),
      httpMethod: z.literal("POST"),
      headers: z.object({ "Content-Type": z.literal("application/json") }),
      body: z.instanceof(Uint8Array),
      oidcToken: z.object({
        serviceAccountEmail: z.string(),
        audience: z.literal(
          "https://europe-west1-demo.cloudfunctions.net/ringLater",
        ),
      }),
    }),
  }),
});

/** The CreateTask of Google's own protocol definition, in this process. */
async function overGrpc(): Promise<Queue> {
  const main = createRequire(import.meta.url).resolve("@google-cloud/tasks");
  const protos = join(dirname(main), "../../protos/protos.json");
  const json: unknown = JSON.parse(readFileSync(protos, "utf8"));
  const definition = fromJSON(z.record(z.string(), z.unknown()).parse(json), {
    longs: String,
    defaults: true,
    enums: String,
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of the kinds of things a definition holds, this one is a service.
  const service = definition[
    "google.cloud.tasks.v2.CloudTasks"
  ] as ServiceDefinition;
  const taken: Taken[] = [];
  let refusing = false;
  const server = new grpc.Server();
  server.addService(service, {
    CreateTask: (
      call: grpc.ServerUnaryCall<unknown, unknown>,
      answer: grpc.sendUnaryData<unknown>,
    ) => {
      const read = CreateTask.safeParse(call.request);
      if (!read.success) {
        const details = read.error.message;
        answer({ code: grpc.status.INVALID_ARGUMENT, details });
        return;
      }
      const { parent, task } = read.data;
      if (refusing) {
        refusing = false;
        answer({ code: grpc.status.RESOURCE_EXHAUSTED, details: "quota" });
        return;
      }
      if (taken.some(({ name }) => name === task.name)) {
        answer({ code: grpc.status.ALREADY_EXISTS, details: "exists" });
        return;
      }
      const { scheduleTime, httpRequest } = task;
      const ms =
        Number(scheduleTime.seconds) * 1000 + scheduleTime.nanos / 1_000_000;
      taken.push({
        queue: parent,
        name: task.name,
        at: new Date(ms).toISOString(),
        url: httpRequest.url,
        serviceAccount: httpRequest.oidcToken.serviceAccountEmail,
        body: JSON.parse(Buffer.from(httpRequest.body).toString()),
      });
      answer(null, { name: task.name });
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(
      "127.0.0.1:0",
      grpc.ServerCredentials.createInsecure(),
      (error, bound) => (error === null ? resolve(bound) : reject(error)),
    );
  });
  const client = new CloudTasksClient({
    projectId: "demo",
    apiEndpoint: "127.0.0.1",
    port,
    sslCreds: grpc.credentials.createInsecure(),
  });
  return {
    enqueuer: cloudTasks(client, {
      region: "europe-west1",
      functionName: "ringLater",
      serviceAccount: "rings@demo.example",
    }),
    taken,
    refuse: () => (refusing = true),
    end: () => Promise.resolve(server.forceShutdown()),
    close: async () => {
      server.forceShutdown();
      await client.close();
    },
  };
}

const RestTask = z.object({
  task: z.object({
    name: z.string(),
    scheduleTime: z.string(),
    httpRequest: z.object({
      url: z.string(),
      body: z.base64(),
      oidcToken: z.object({ serviceAccountEmail: z.string() }),
    }),
  }),
});

/** The one route that the Tasks emulator of firebase-tools has for this. */
async function overRest(): Promise<Queue> {
  const taken: Taken[] = [];
  let refusing = false;
  const server = await localServer((request, response) => {
    void (async () => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of request)
        chunks.push(z.instanceof(Uint8Array).parse(chunk));
      const say = (status: number, body: object) =>
        response
          .writeHead(status, { "content-type": "application/json" })
          .end(JSON.stringify(body));
      const path = /^\/(projects\/[^/]+\/locations\/.+)\/tasks$/.exec(
        request.url ?? "",
      );
      if (request.method !== "POST" || path === null) {
        say(404, {});
        return;
      }
      if (refusing) {
        refusing = false;
        say(500, { error: { message: "no" } });
        return;
      }
      const read = RestTask.safeParse(
        JSON.parse(Buffer.concat(chunks).toString()),
      );
      if (!read.success) {
        say(400, { error: { message: read.error.message } });
        return;
      }
      const { task } = read.data;
      if (taken.some(({ name }) => name === task.name)) {
        say(409, { error: "Task already exists" });
        return;
      }
      const { url, body, oidcToken } = task.httpRequest;
      taken.push({
        queue: path[1] ?? "",
        name: task.name,
        at: task.scheduleTime,
        url,
        serviceAccount: oidcToken.serviceAccountEmail,
        body: JSON.parse(Buffer.from(body, "base64").toString()),
      });
      say(200, { task });
    })();
  });
  vi.stubEnv("CLOUD_TASKS_EMULATOR_HOST", server.url.replace("http://", ""));
  const app = initializeApp({ projectId: "demo" }, `tasks-${Math.random()}`);
  const queue = getFunctions(app).taskQueue<Readonly<Record<string, string>>>(
    "locations/europe-west1/functions/ringLater",
  );
  return {
    enqueuer: adminTasks(queue),
    taken,
    refuse: () => (refusing = true),
    end: server.close,
    close: async () => {
      vi.unstubAllEnvs();
      await server.close().catch(() => undefined);
      await deleteApp(app);
    },
  };
}
