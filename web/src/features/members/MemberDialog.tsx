import {
  Alert,
  Button,
  Checkbox,
  Group,
  Modal,
  NativeSelect,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl";
import { Role } from "../../../../functions/src/domain/people/roles.ts";
import { ApiProblem } from "../../lib/api.ts";
import { useFocusBack } from "../../lib/focusBack.ts";
import { type MemberFields, teamsOf } from "./form.ts";
import { toError } from "../../lib/errors.ts";

interface Props {
  readonly title: string;
  readonly about?: string;
  readonly button: string;
  readonly fields: MemberFields;
  /** Whether the address is asked for: it is what an invitation is known by, and not changed later. */
  readonly asksEmail: boolean;
  readonly onSave: (fields: MemberFields) => Promise<void>;
  readonly onClose: () => void;
}

/** Asks what a person is to be in the tenant, and says by each field what the API has against it. */
export function MemberDialog(props: Props) {
  const t = useTranslations("members");
  useFocusBack();
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={props.title}
      closeButtonProps={{ "aria-label": t("cancel") }}
    >
      <MemberForm {...props} />
    </Modal>
  );
}

function MemberForm({
  about,
  button,
  asksEmail,
  onSave,
  onClose,
  ...p
}: Props) {
  const t = useTranslations("members");
  const roles = useTranslations("app.roles");
  const [fields, setFields] = useState(p.fields);
  const [teams, setTeams] = useState(p.fields.teams.join(", "));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const change = (some: Partial<MemberFields>) => {
    setFields((before) => ({ ...before, ...some }));
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await onSave({ ...fields, teams: teamsOf(teams) });
      onClose();
    } catch (failed) {
      setError(toError(failed));
      setBusy(false);
    }
  };
  const faultOf = (field: string) =>
    error instanceof ApiProblem
      ? error.errors.find((one) => one.field.split(".")[0] === field)?.message
      : undefined;
  return (
    <form
      onSubmit={(event) => {
        void submit(event);
      }}
    >
      <Stack gap="sm">
        {about !== undefined && <Text size="sm">{about}</Text>}
        {error !== null && (
          <Alert color="red" role="alert">
            {error.message}
          </Alert>
        )}
        {asksEmail && (
          <TextInput
            label={t("email")}
            type="email"
            required
            data-autofocus
            value={fields.email}
            error={faultOf("email")}
            onChange={(event) => {
              change({ email: event.currentTarget.value.trim() });
            }}
          />
        )}
        <TextInput
          label={t("name")}
          required
          maxLength={200}
          value={fields.name}
          error={faultOf("name")}
          onChange={(event) => {
            change({ name: event.currentTarget.value });
          }}
        />
        <NativeSelect
          label={t("role")}
          value={fields.role}
          data={Role.options.map((role) => ({
            value: role,
            label: roles(role),
          }))}
          onChange={(event) => {
            change({ role: Role.parse(event.currentTarget.value) });
          }}
        />
        <TextInput
          label={t("teams")}
          description={t("teamsHint")}
          value={teams}
          error={faultOf("teams")}
          onChange={(event) => {
            setTeams(event.currentTarget.value);
          }}
        />
        <Checkbox
          label={t("isLead")}
          checked={fields.isLead}
          onChange={(event) => {
            change({ isLead: event.currentTarget.checked });
          }}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button type="submit" loading={busy}>
            {button}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
