import { notifications } from "@mantine/notifications";
import { errorMessage } from "../lib/errors.ts";

/** Shows briefly what failed, and why. */
export function notifyFailure(error: unknown, title?: string): void {
  notifications.show({ color: "red", title, message: errorMessage(error) });
}
