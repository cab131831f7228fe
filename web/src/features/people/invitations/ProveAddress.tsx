import { Alert, Button, Group, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslations } from "use-intl";
import type { Identity } from "../../../lib/session/identity.ts";

/** Invitations are shown only to the owner of their address, who proves here that it is theirs. */
export function ProveAddress({ identity }: { readonly identity: Identity }) {
  const t = useTranslations("invitations");
  const [notice, setNotice] = useState<"proofSent" | "proofFailed" | null>(
    null,
  );
  const send = async () => {
    try {
      await identity.sendProof();
      setNotice("proofSent");
    } catch {
      setNotice("proofFailed");
    }
  };
  const { email } = identity;
  return (
    <Stack gap="sm">
      <Title order={1}>{t("proofTitle")}</Title>
      <Text>{t("proofText", { email })}</Text>
      {notice !== null && (
        <Alert color={notice === "proofSent" ? "teal" : "red"} role="alert">
          {t(notice, { email })}
        </Alert>
      )}
      <Group gap="xs">
        <Button
          onClick={() => {
            void send();
          }}
        >
          {t("sendProof")}
        </Button>
        <Button
          variant="default"
          onClick={() => {
            void identity.refresh();
          }}
        >
          {t("isProven")}
        </Button>
      </Group>
    </Stack>
  );
}
