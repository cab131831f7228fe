import { Menu } from "@mantine/core";
import { IconDoorExit } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { z } from "zod";
import { usePersonalApi } from "../../lib/api/api.ts";
import { useSession } from "../../lib/session/session.ts";
import { notifyFailure } from "../../parts/notifyFailure.ts";

const Left = z.object({ tenants: z.array(z.string()) });

/** Ends the person's own membership of the tenant they are in, after a second click. */
export function LeaveTenant() {
  const t = useTranslations("app");
  const { tenantId, identity } = useSession();
  const api = usePersonalApi(identity);
  const [isSure, setIsSure] = useState(false);
  const leave = async () => {
    const path = `/me/tenants/${encodeURIComponent(tenantId)}/leave`;
    try {
      await api.call({ method: "POST", path, answer: Left });
      await identity.refresh();
      location.assign("/");
    } catch (error) {
      notifyFailure(error, t("notLeft"));
    }
  };
  return (
    <Menu.Item
      {...(isSure ? { color: "red" } : {})}
      closeMenuOnClick={isSure}
      leftSection={<IconDoorExit size={14} aria-hidden />}
      onClick={() => {
        if (isSure) void leave();
        setIsSure(!isSure);
      }}
    >
      {t(isSure ? "leaveSure" : "leave")}
    </Menu.Item>
  );
}
