import { notifications } from "@mantine/notifications";
import { errorMessage } from "../lib/errors.ts";

/** Shows for a few seconds what did not work, and why. */
export function notifyFailure(error: unknown, title?: string): void {
  notifications.show({ color: "red", title, message: errorMessage(error) });
}
