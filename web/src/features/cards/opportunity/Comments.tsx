import {
  ActionIcon,
  Avatar,
  Button,
  Group,
  Menu,
  Stack,
  Text,
  Textarea,
} from "@mantine/core";
import { IconAt, IconTrash } from "@tabler/icons-react";
import { type FormEvent, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { z } from "zod";
import * as at from "../../../../../functions/src/domain/collections.ts";
import {
  type Comment,
  maxComment,
} from "../../../../../functions/src/domain/cards/comment.ts";
import { OpportunityId } from "../../../../../functions/src/domain/kernel/ids.ts";
import type { Opportunity } from "../../../../../functions/src/domain/cards/opportunity.ts";
import { useApi } from "../../../lib/api/api.ts";
import { type WithId, useLiveList } from "../../../lib/firestore/live.ts";
import {
  type Person,
  usePersonName,
  usePeople,
} from "../../../lib/api/people.ts";
import { useMay, useSession } from "../../../lib/session/session.ts";
import { Moment } from "../../../parts/Moment.tsx";
import { findMentions } from "./mentions.ts";
import classes from "./Comments.module.css";
import { notifyFailure } from "../../../parts/notifyFailure.ts";

const newest = { orderBy: [["at", "desc"]], limit: 100 } as const;

/** The comments on a card, live, and a form for another one. */
export function Comments({
  opportunity: { id, audience },
}: {
  readonly opportunity: WithId<Opportunity>;
}) {
  const t = useTranslations("opportunity");
  const { tenantId } = useSession();
  const may = useMay();
  const live = useLiveList(
    at.comments(tenantId, OpportunityId.parse(id)),
    newest,
  );
  const comments =
    live.state === "ready"
      ? live.value.filter(({ deletedAt }) => deletedAt === null)
      : [];
  return (
    <Stack gap="sm">
      {comments.length === 0 && live.state === "ready" && (
        <Text size="sm" c="dimmed">
          {t("noComments")}
        </Text>
      )}
      <ul className={classes["list"]}>
        {comments.toReversed().map((comment) => (
          <CommentItem key={comment.id} opportunityId={id} comment={comment} />
        ))}
      </ul>
      {may("opportunity.comment", audience) && (
        <CommentForm opportunityId={id} />
      )}
    </Stack>
  );
}

function CommentItem({
  opportunityId,
  comment,
}: {
  readonly opportunityId: string;
  readonly comment: WithId<Comment>;
}) {
  const t = useTranslations("opportunity");
  const { member } = useSession();
  const personName = usePersonName();
  const api = useApi();
  const name = personName(comment.by);
  const canRemove = comment.by === member.uid || member.role === "ADMIN";
  const remove = () => {
    api
      .call({
        method: "DELETE",
        path: `/opportunities/${encodeURIComponent(opportunityId)}/comments/${encodeURIComponent(comment.id)}`,
        answer: z.unknown(),
      })
      .catch((error: unknown) => {
        notifyFailure(error);
      });
  };
  return (
    <li className={classes["comment"]}>
      <Avatar name={name} size={28} color="initials" aria-hidden />
      <div className={classes["text"]}>
        <Text size="xs" c="dimmed">
          <b>{name}</b> · <Moment at={comment.at} />
        </Text>
        <Text size="sm" className={classes["body"] ?? ""}>
          {comment.text}
        </Text>
      </div>
      {canRemove && (
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t("removeComment")}
          onClick={remove}
        >
          <IconTrash size={14} aria-hidden />
        </ActionIcon>
      )}
    </li>
  );
}

function CommentForm({ opportunityId }: { readonly opportunityId: string }) {
  const t = useTranslations("opportunity");
  const people = usePeople().filter(({ active }) => active);
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState("");
  const trimmed = text.trim();
  const { busy, send } = useSendComment(opportunityId);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (trimmed === "") return;
    const mentions = findMentions(trimmed, people);
    if (await send({ text: trimmed, mentions })) setText("");
  };
  return (
    <form
      onSubmit={(event) => {
        void submit(event);
      }}
    >
      <Textarea
        ref={field}
        aria-label={t("comment")}
        placeholder={t("commentHint")}
        autosize
        minRows={2}
        maxLength={maxComment}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey))
            void submit(event);
        }}
      />
      <Group gap={6} mt={6} justify="flex-end">
        <MentionMenu
          people={people}
          onMention={(name) => {
            const gap = text === "" || text.endsWith(" ") ? "" : " ";
            setText(`${text}${gap}@${name} `);
            field.current?.focus();
          }}
        />
        <Button type="submit" loading={busy} disabled={trimmed === ""}>
          {t("send")}
        </Button>
      </Group>
    </form>
  );
}

function MentionMenu({
  people,
  onMention,
}: {
  readonly people: readonly Person[];
  readonly onMention: (name: string) => void;
}) {
  const t = useTranslations("opportunity");
  return (
    <Menu position="top-end">
      <Menu.Target>
        <Button variant="subtle" leftSection={<IconAt size={14} aria-hidden />}>
          {t("mention")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={260} style={{ overflowY: "auto" }}>
        {people.map(({ uid, name }) => (
          <Menu.Item
            key={uid}
            onClick={() => {
              onMention(name);
            }}
          >
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Sends a comment, and answers whether it was kept; a refusal is shown. */
function useSendComment(opportunityId: string) {
  const t = useTranslations("opportunity");
  const api = useApi();
  const [busy, setBusy] = useState(false);
  const send = async (comment: {
    readonly text: string;
    readonly mentions: readonly string[];
  }): Promise<boolean> => {
    setBusy(true);
    try {
      await api.call({
        method: "POST",
        path: `/opportunities/${encodeURIComponent(opportunityId)}/comments`,
        body: comment,
        answer: z.unknown(),
      });
      return true;
    } catch (error) {
      notifyFailure(error, t("commentFailed"));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, send };
}
