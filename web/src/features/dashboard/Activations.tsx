import { useFormatter, useTranslations } from "use-intl";
import { CrmName } from "../../../../functions/src/domain/crm/activation.ts";
import type { Dashboard } from "../../../../functions/src/domain/reports/dashboardSum.ts";
import classes from "./OverWeeks.module.css";

/** What became of approved cards in each CRM. */
export function Activations({ activations }: Pick<Dashboard, "activations">) {
  const t = useTranslations("dashboard");
  const crmName = useTranslations("crmName");
  const format = useFormatter();
  return (
    <table className={classes["table"]}>
      <thead>
        <tr>
          <th scope="col">CRM</th>
          <th scope="col">{t("done")}</th>
          <th scope="col">{t("failed")}</th>
          <th scope="col">{t("unclear")}</th>
        </tr>
      </thead>
      <tbody>
        {CrmName.options.map((crm) => {
          const { done, failed, unclear } = activations[crm];
          return (
            <tr key={crm}>
              <th scope="row">{crmName(crm)}</th>
              <td>{format.number(done)}</td>
              <td>{format.number(failed)}</td>
              <td>{format.number(unclear)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
