import {
  Avatar,
  Menu,
  Text,
  UnstyledButton,
  VisuallyHidden,
  useMantineColorScheme,
} from "@mantine/core";
import {
  IconBook,
  IconCheck,
  IconDeviceDesktop,
  IconLogout,
  IconMail,
  IconMoon,
  IconSun,
  IconSwitchHorizontal,
} from "@tabler/icons-react";
import { useLocale, useTranslations } from "use-intl";
import { z } from "zod";
import { languages } from "../../lib/language/language.ts";
import { usePersonalApi } from "../../lib/api/api.ts";
import { useSession } from "../../lib/session/session.ts";
import { useTenantNames } from "../../lib/firestore/tenantNames.ts";
import { useChooseLanguage } from "../Language.tsx";
import { LeaveTenant } from "./LeaveTenant.tsx";
import classes from "./YouMenu.module.css";

const Chosen = z.object({ tenantId: z.string() });
/** How long a switch waits for the choice to be stored. */
const patienceMs = 1_500;

const tick = <IconCheck size={14} aria-hidden />;

const schemes = [
  { name: "light", icon: IconSun },
  { name: "dark", icon: IconMoon },
  { name: "auto", icon: IconDeviceDesktop },
] as const;

/** Who is signed in, with which role; colours, language, other tenants, the way out. */
export function YouMenu() {
  const t = useTranslations("app");
  const { member } = useSession();
  const role = `${t(`roles.${member.role}`)}${member.isLead ? `, ${t("lead")}` : ""}`;
  return (
    <Menu position="right-end" width={220}>
      <Menu.Target>
        <UnstyledButton
          className={classes["you"] ?? ""}
          title={t("you", { name: member.name, role })}
        >
          <Avatar name={member.name} size={30} color="initials" aria-hidden />
          <VisuallyHidden>{t("youAre")}</VisuallyHidden>
          <span className={classes["who"]}>
            <Text size="sm" fw={550} truncate>
              {member.name}
            </Text>
            <Text size="xs" c="dimmed" truncate>
              {role}
            </Text>
          </span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("theme")}</Menu.Label>
        <SchemeItems />
        <Menu.Label>{t("language")}</Menu.Label>
        <LanguageItems />
        <Menu.Divider />
        <TenantItems />
        <LeaveTenant />
        <WayOutItems />
      </Menu.Dropdown>
    </Menu>
  );
}

function SchemeItems() {
  const t = useTranslations("app");
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return schemes.map(({ name, icon: Icon }) => (
    <Menu.Item
      key={name}
      leftSection={<Icon size={14} aria-hidden />}
      rightSection={colorScheme === name ? tick : null}
      onClick={() => {
        setColorScheme(name);
      }}
    >
      {t(name)}
    </Menu.Item>
  ));
}

function LanguageItems() {
  const t = useTranslations("app");
  const chooseLanguage = useChooseLanguage();
  const locale = useLocale();
  return languages.map((language) => (
    <Menu.Item
      key={language}
      lang={language}
      rightSection={locale === language ? tick : null}
      onClick={() => {
        chooseLanguage(language);
      }}
    >
      {t(language === "uk" ? "ukrainian" : "english")}
    </Menu.Item>
  ));
}

function TenantItems() {
  const t = useTranslations("app");
  const { tenantId, tenants, firestore } = useSession();
  const names = useTenantNames(
    firestore,
    tenants.filter((id) => id !== tenantId),
  );
  const switchTo = useSwitchTenant();
  return names.map(({ id, name }) => (
    <Menu.Item
      key={id}
      leftSection={<IconSwitchHorizontal size={14} aria-hidden />}
      onClick={() => {
        void switchTo(id);
      }}
    >
      {t("switchTenant", { tenant: name })}
    </Menu.Item>
  ));
}

/** Goes to another tenant, and has it remembered as the person's default. */
function useSwitchTenant(): (id: string) => Promise<void> {
  const { identity } = useSession();
  const api = usePersonalApi(identity);
  return async (id) => {
    const saving = api.call({
      method: "PUT",
      path: "/me/tenants/default",
      body: { tenantId: id },
      answer: Chosen,
    });
    const patience = new Promise((resolve) => setTimeout(resolve, patienceMs));
    // Whether it is stored or not, they go there.
    await Promise.race([saving.catch(() => null), patience]);
    location.assign(`/t/${encodeURIComponent(id)}/inbox`);
  };
}

function WayOutItems() {
  const t = useTranslations("app");
  const { signOut } = useSession();
  return (
    <>
      <Menu.Item
        component="a"
        href="/invitations"
        leftSection={<IconMail size={14} aria-hidden />}
      >
        {t("invitations")}
      </Menu.Item>
      <Menu.Item
        component="a"
        href="/docs/"
        leftSection={<IconBook size={14} aria-hidden />}
      >
        {t("apiDocs")}
      </Menu.Item>
      <Menu.Item
        leftSection={<IconLogout size={14} aria-hidden />}
        onClick={() => {
          void signOut();
        }}
      >
        {t("signOut")}
      </Menu.Item>
    </>
  );
}
