import { useTranslations } from "use-intl";
import { z } from "zod";
import type { Member } from "../../../../../../functions/src/domain/people/roles.ts";
import { useApi } from "../../../../lib/api/api.ts";
import { useSession } from "../../../../lib/session/session.ts";
import { notifyFailure } from "../../../../parts/notifyFailure.ts";

type View = Member["views"][number];

/** The person's saved views; they are theirs wherever they sign in. */
export function useViews(): {
  readonly views: readonly View[];
  readonly save: (views: readonly View[]) => Promise<void>;
} {
  const { member } = useSession();
  const api = useApi();
  const t = useTranslations("inbox");
  return {
    views: member.views,
    save: async (views) => {
      try {
        await api.call({
          method: "PUT",
          path: "/me/views",
          body: { views },
          answer: z.unknown(),
        });
      } catch (error) {
        notifyFailure(error, t("viewsNotSaved"));
      }
    },
  };
}
