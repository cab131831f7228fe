import { type ReactNode, useId } from "react";
import classes from "./Panel.module.css";

/** A part of the page with a heading of its own. */
export function Panel({
  title,
  actions,
  children,
}: {
  readonly title: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  const id = useId();
  return (
    <section className={classes["panel"]} aria-labelledby={id}>
      <div className={classes["head"]}>
        <h2 id={id} className={classes["title"]}>
          {title}
        </h2>
        {actions}
      </div>
      {children}
    </section>
  );
}
