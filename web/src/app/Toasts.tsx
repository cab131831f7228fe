import "@mantine/notifications/styles.css";
import { Notifications } from "@mantine/notifications";

/** Where short messages show. */
export function Toasts() {
  return <Notifications position="bottom-right" limit={5} />;
}
