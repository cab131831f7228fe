/** The audit entry of an export: what was exported, and how many items. */
export function exportEntry(kind: string, id: string, items: number) {
  return {
    action: "VIEW",
    entity: { kind, id },
    before: null,
    after: { items },
    reason: "export",
  } as const;
}

const types = {
  csv: "text/csv; charset=utf-8",
  pdf: "application/pdf",
} as const;

/** The headers of a file download. */
export function attachment(name: string, ending: keyof typeof types) {
  return {
    "Content-Type": types[ending],
    "Content-Disposition": `attachment; filename="${name.replace(/[^\w-]/g, "_")}.${ending}"`,
  };
}
