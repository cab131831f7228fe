import type { CloudTasksClient } from "@google-cloud/tasks";
import type { TaskQueue } from "firebase-admin/functions";
import { RetryableError } from "../../domain/kernel/errors.ts";

/** A call of a function at a moment, whose body will be `{data: payload}`. */
export interface Task {
  /** Letters, digits, hyphens and underscores: two tasks of one name are the same task. */
  readonly name: string;
  readonly at: Date;
  readonly payload: Readonly<Record<string, string>>;
}

/** A queue of tasks for one function. A task that is there already is success; whatever else fails is a RetryableError. */
export interface Enqueuer {
  readonly enqueue: (task: Task) => Promise<void>;
}

interface Target {
  readonly region: string;
  /** The name of the function, and of its queue. */
  readonly functionName: string;
  /** On whose behalf the function is called; the one that the functions run as where it is not named. It may invoke the function and act as itself. */
  readonly serviceAccount?: string;
}

/** How long the queue may take to take a task; the sweeper repeats what was not taken. */
const timeoutMs = 5_000;

/** ALREADY_EXISTS of the gRPC status codes, and what firebase-admin calls it. */
const twins: readonly unknown[] = [6, "functions/task-already-exists"];

/** Cloud Tasks over gRPC, with named tasks that carry an OIDC token to the function. */
export function cloudTasks(
  client: CloudTasksClient,
  { region, functionName, serviceAccount }: Target,
): Enqueuer {
  return {
    enqueue: ({ name, at, payload }) =>
      translateErrors(async () => {
        const projectId = await client.getProjectId();
        const serviceAccountEmail =
          serviceAccount ?? (await client.auth.getCredentials()).client_email;
        const url = `https://${region}-${projectId}.cloudfunctions.net/${functionName}`;
        const ms = at.getTime();
        await client.createTask(
          {
            parent: client.queuePath(projectId, region, functionName),
            task: {
              name: client.taskPath(projectId, region, functionName, name),
              scheduleTime: {
                seconds: Math.floor(ms / 1000),
                nanos: (ms % 1000) * 1_000_000,
              },
              httpRequest: {
                url,
                httpMethod: "POST",
                headers: { "Content-Type": "application/json" },
                body: Buffer.from(JSON.stringify({ data: payload })),
                oidcToken: {
                  serviceAccountEmail: serviceAccountEmail ?? "",
                  audience: url,
                },
              },
            },
          },
          { timeout: timeoutMs },
        );
      }),
  };
}

/** The same over firebase-admin, whose REST form is all that the emulator of the queue speaks. */
export function adminTasks(
  queue: TaskQueue<Readonly<Record<string, string>>>,
): Enqueuer {
  return {
    enqueue: ({ name, at, payload }) =>
      translateErrors(() =>
        queue.enqueue(payload, { id: name, scheduleTime: at }),
      ),
  };
}

async function translateErrors(call: () => Promise<void>): Promise<void> {
  try {
    await call();
  } catch (error) {
    const code: unknown =
      error instanceof Error && "code" in error ? error.code : null;
    if (twins.includes(code)) return;
    const why = error instanceof Error ? error.message : String(error);
    throw new RetryableError(
      "vendor-down",
      `The task was not taken into its queue: ${why}`,
      { cause: error },
    );
  }
}
