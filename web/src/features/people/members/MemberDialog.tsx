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
import { Role } from "../../../../../functions/src/domain/people/roles.ts";
import { ApiProblem } from "../../../lib/api/api.ts";
import { useFocusBack } from "../../../lib/page/focusBack.ts";
import { type MemberFields, parseTeams } from "./form.ts";
import { useAttempt } from "./useAttempt.ts";

interface Props {
  readonly title: string;
  readonly about?: string;
  readonly button: string;
  readonly fields: MemberFields;
  /** Whether the address is asked for: it identifies an invitation and does not change later. */
  readonly asksEmail: boolean;
  readonly onSave: (fields: MemberFields) => Promise<void>;
  readonly onClose: () => void;
}

/** Asks for a person's name, role and teams, and shows the API's errors beside the fields. */
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
  const [fields, setFields] = useState(p.fields);
  const [teams, setTeams] = useState(p.fields.teams.join(", "));
  const { busy, error, attempt } = useAttempt();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void attempt(async () => {
      await onSave({ ...fields, teams: parseTeams(teams) });
      onClose();
    });
  };
  const inputs: InputProps = {
    fields,
    error,
    onChange: (change) => {
      setFields((before) => ({ ...before, ...change }));
    },
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {about !== undefined && <Text size="sm">{about}</Text>}
        {error !== null && (
          <Alert color="red" role="alert">
            {error.message}
          </Alert>
        )}
        {asksEmail && <EmailInput {...inputs} />}
        <NameAndRole {...inputs} />
        <TextInput
          label={t("teams")}
          description={t("teamsHint")}
          value={teams}
          error={fieldError(error, "teams")}
          onChange={(event) => {
            setTeams(event.currentTarget.value);
          }}
        />
        <LeadCheckbox {...inputs} />
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

interface InputProps {
  readonly fields: MemberFields;
  readonly error: Error | null;
  readonly onChange: (change: Partial<MemberFields>) => void;
}

function EmailInput({ fields: { email }, error, onChange }: InputProps) {
  const t = useTranslations("members");
  return (
    <TextInput
      label={t("email")}
      type="email"
      required
      data-autofocus
      value={email}
      error={fieldError(error, "email")}
      onChange={(event) => {
        onChange({ email: event.currentTarget.value.trim() });
      }}
    />
  );
}

function NameAndRole({ fields, error, onChange }: InputProps) {
  const t = useTranslations("members");
  const roles = useTranslations("app.roles");
  return (
    <>
      <TextInput
        label={t("name")}
        required
        maxLength={200}
        value={fields.name}
        error={fieldError(error, "name")}
        onChange={(event) => {
          onChange({ name: event.currentTarget.value });
        }}
      />
      <NativeSelect
        label={t("role")}
        value={fields.role}
        data={Role.options.map((role) => ({ value: role, label: roles(role) }))}
        onChange={(event) => {
          onChange({ role: Role.parse(event.currentTarget.value) });
        }}
      />
    </>
  );
}

function LeadCheckbox({ fields: { isLead }, onChange }: InputProps) {
  const t = useTranslations("members");
  return (
    <Checkbox
      label={t("isLead")}
      checked={isLead}
      onChange={(event) => {
        onChange({ isLead: event.currentTarget.checked });
      }}
    />
  );
}

/** The API's error about a field. */
function fieldError(error: Error | null, field: string): string | undefined {
  if (!(error instanceof ApiProblem)) return undefined;
  return error.errors.find((one) => one.field.split(".")[0] === field)?.message;
}
