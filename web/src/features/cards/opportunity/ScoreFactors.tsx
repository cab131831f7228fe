import { Progress, Table, Text } from "@mantine/core";
import { useFormatter, useTranslations } from "use-intl";
import type { Score } from "../../../../../functions/src/domain/cards/scoring.ts";

/** The score as six factors, drawn: how good each is, how much it weighs, and why. */
export function ScoreFactors({ score }: { readonly score: Score }) {
  const t = useTranslations("opportunity");
  const factor = useTranslations("factor");
  const format = useFormatter();
  return (
    <>
      <Table verticalSpacing={5} horizontalSpacing={6} layout="auto">
        <Table.Tbody>
          {score.factors.map(({ factor: name, value, weight, reason }) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={550} w={96}>
                {factor(name)}
              </Table.Th>
              <Table.Td w="26%" miw={72}>
                <Progress
                  value={value}
                  size={8}
                  aria-label={t("scoreShare", {
                    factor: factor(name),
                    value: Math.round(value),
                    weight: format.number(weight, { style: "percent" }),
                  })}
                />
              </Table.Td>
              <Table.Td ta="right" w={40}>
                {Math.round(value)}
              </Table.Td>
              <Table.Td ta="right" w={48} c="dimmed">
                ×{format.number(weight, { style: "percent" })}
              </Table.Td>
              <Table.Td c="dimmed" visibleFrom="xs">
                {reason}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="xs" c="dimmed" mt={6}>
        {format.number(score.total, { maximumFractionDigits: 1 })} ·{" "}
        {t("weights", { version: score.weightsVersion })}
      </Text>
    </>
  );
}
