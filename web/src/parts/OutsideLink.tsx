import { Anchor } from "@mantine/core";
import type { ReactNode } from "react";

/** A link out of the console, opened in a tab of its own. */
export function OutsideLink({
  href,
  size,
  children,
}: {
  readonly href: string;
  /** Of its text; that of the text around it where absent. */
  readonly size?: "xs" | "sm";
  readonly children: ReactNode;
}) {
  return (
    <Anchor
      {...(size === undefined ? { inherit: true } : { size })}
      href={href}
      target="_blank"
      rel="noopener noreferrer"
    >
      {children}
    </Anchor>
  );
}
