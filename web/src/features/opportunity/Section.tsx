import { Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./Section.module.css";

/** A part of the card under its own heading. */
export function Section({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}) {
  return (
    <section className={classes["section"]} aria-label={title}>
      <Title order={3} mb={8}>
        {title}
      </Title>
      {children}
    </section>
  );
}
