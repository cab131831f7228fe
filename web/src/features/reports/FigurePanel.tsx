import type { ReactNode } from "react";
import { Panel as Plain } from "../../parts/Panel.tsx";
import classes from "./FigurePanel.module.css";

/** One measure: its figure first, then the details. */
export function FigurePanel({
  title,
  figure,
  note,
  children,
}: {
  readonly title: string;
  readonly figure?: ReactNode;
  readonly note?: ReactNode;
  readonly children?: ReactNode;
}) {
  return (
    <Plain title={title}>
      {figure !== undefined && <p className={classes["figure"]}>{figure}</p>}
      {note !== undefined && <p className={classes["note"]}>{note}</p>}
      {children}
    </Plain>
  );
}
