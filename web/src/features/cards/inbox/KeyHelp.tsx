import { Kbd, Modal, Table } from "@mantine/core";
import { useTranslations } from "use-intl";

const keys = [
  ["next", ["j", "↓"]],
  ["previous", ["k", "↑"]],
  ["open", ["Enter"]],
  ["approve", ["a"]],
  ["reject", ["r"]],
  ["refine", ["e"]],
  ["snooze", ["s"]],
  ["select", ["x"]],
  ["clear", ["Esc"]],
  ["search", ["/"]],
  ["help", ["?"]],
] as const;

/** What each key does. */
export function KeyHelp({ onClose }: { readonly onClose: () => void }) {
  const t = useTranslations("inbox");
  return (
    <Modal opened title={t("keys")} onClose={onClose}>
      <Table verticalSpacing={4}>
        <Table.Tbody>
          {keys.map(([what, pressed]) => (
            <Table.Tr key={what}>
              <Table.Th fw={400} scope="row">
                {t(`key.${what}`)}
              </Table.Th>
              <Table.Td ta="right">
                {pressed.map((key) => (
                  <Kbd key={key} ml={4}>
                    {key}
                  </Kbd>
                ))}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
