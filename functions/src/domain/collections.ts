import type {
  TenantId,
  SignalId,
  OpportunityId,
  AccountId,
  CommentId,
  Uid,
  MessageId,
  SnapshotId,
} from "./kernel/ids.ts";
import type { z } from "zod";
import type { CollectionRef, DocumentRef } from "./kernel/references.ts";
import {
  Account,
  AccountContext,
  Schedule,
  SourceState,
} from "./accounts/account.ts";
import { Asset, Playbook } from "./cards/library.ts";
import { Activation, type CrmName } from "./crm/activation.ts";
import { Budget } from "./requests/rate.ts";
import { KeyedCommand } from "./requests/keyedCommand.ts";
import {
  CountedCard,
  DashboardDay,
  DashboardOverview,
} from "./reports/dashboard.ts";
import { DecisionRecord } from "./signals/decisionRecord.ts";
import { InboxItem } from "./cards/inbox.ts";
import { Invitation } from "./people/invitation.ts";
import { Member } from "./people/roles.ts";
import { Message } from "./messages/message.ts";
import { ModelCall } from "./prompts/modelCall.ts";
import { Opportunity, HistoryEntry } from "./cards/opportunity.ts";
import { Resolution } from "./resolution/resolution.ts";
import { Run, Heartbeat } from "./messages/run.ts";
import { Signal } from "./signals/signal.ts";
import { NearDuplicate } from "./duplicates/nearDuplicate.ts";
import { Snapshot, SnapshotPart } from "./signals/snapshot.ts";
import { AuditEntry } from "./requests/audit.ts";
import { Comment } from "./cards/comment.ts";
import { CardEvidence } from "./cards/claims.ts";
import { Tenant } from "./tenants/tenant.ts";
import { Person } from "./people/person.ts";

function under<T>(
  tenantId: TenantId,
  collection: string,
  schema: z.ZodType<T>,
): CollectionRef<T> {
  return { path: `tenants/${tenantId}/${collection}`, schema };
}

function at<T>(collection: CollectionRef<T>, id: string): DocumentRef<T> {
  return { path: `${collection.path}/${id}`, schema: collection.schema };
}

/** The last part of a path: the document's own id. */
export function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

export const accounts = (tenant: TenantId) =>
  under(tenant, "accounts", Account);

export const assets = (tenant: TenantId) => under(tenant, "assets", Asset);

export const contexts = (tenant: TenantId) =>
  under(tenant, "contexts", AccountContext);

export const activations = (tenant: TenantId) =>
  under(tenant, "activations", Activation);

export const budgets = (tenant: TenantId) => under(tenant, "budgets", Budget);

export const commands = (tenant: TenantId) =>
  under(tenant, "commands", KeyedCommand);

/** The cards, with only the fields needed for counting. */
export const countedCards = (tenant: TenantId) =>
  under(tenant, "opportunities", CountedCard);

export const dashboardDays = (tenant: TenantId) =>
  under(tenant, "dashboards", DashboardDay);

export const decisions = (tenant: TenantId) =>
  under(tenant, "decisions", DecisionRecord);

export const inbox = (tenant: TenantId) => under(tenant, "inbox", InboxItem);

export const invitations = (tenant: TenantId) =>
  under(tenant, "invitations", Invitation);

export const members = (tenant: TenantId) => under(tenant, "members", Member);

export const messages = (tenant: TenantId) =>
  under(tenant, "messages", Message);

export const modelCalls = (tenant: TenantId) =>
  under(tenant, "models", ModelCall);

export const opportunities = (tenant: TenantId) =>
  under(tenant, "opportunities", Opportunity);

export const playbooks = (tenant: TenantId) =>
  under(tenant, "playbooks", Playbook);

export const resolutions = (tenant: TenantId) =>
  under(tenant, "resolutions", Resolution);

export const runs = (tenant: TenantId) => under(tenant, "runs", Run);

export const schedules = (tenant: TenantId) =>
  under(tenant, "schedules", Schedule);

export const signals = (tenant: TenantId) => under(tenant, "signals", Signal);

export const nearDuplicates = (tenant: TenantId, id: SignalId) =>
  under(tenant, `signals/${id}/nearDuplicates`, NearDuplicate);

export const snapshots = (tenant: TenantId) =>
  under(tenant, "snapshots", Snapshot);

export const sourceStates = (tenant: TenantId) =>
  under(tenant, "sourceStates", SourceState);

export const audit = (tenant: TenantId, month: string) =>
  under(tenant, `audit/${month}/entries`, AuditEntry);

export const comments = (tenant: TenantId, id: OpportunityId) =>
  under(tenant, `opportunities/${id}/comments`, Comment);

export const evidence = (tenant: TenantId, id: OpportunityId) =>
  under(tenant, `opportunities/${id}/evidence`, CardEvidence);

export const history = (tenant: TenantId, id: OpportunityId) =>
  under(tenant, `opportunities/${id}/history`, HistoryEntry);

export const tenant = (id: TenantId): DocumentRef<Tenant> => ({
  path: `tenants/${id}`,
  schema: Tenant,
});

export const account = (t: TenantId, id: AccountId) => at(accounts(t), id);

export const activation = (t: TenantId, id: OpportunityId, crm: CrmName) =>
  at(activations(t), `${id}_${crm}`);

export const asset = (t: TenantId, id: string) => at(assets(t), id);

export const auditEntry = (t: TenantId, month: string, id: string) =>
  at(audit(t, month), id);

export const comment = (t: TenantId, o: OpportunityId, id: CommentId) =>
  at(comments(t, o), id);

export const context = (t: TenantId, id: AccountId) => at(contexts(t), id);

export const budget = (t: TenantId, caller: string) => at(budgets(t), caller);

export const command = (t: TenantId, id: string) => at(commands(t), id);

/** A UTC day of the dashboard, by its date. */
export const dashboardDay = (t: TenantId, date: string) =>
  at(dashboardDays(t), `days_${date}`);

export const dashboardOverview = (
  t: TenantId,
): DocumentRef<DashboardOverview> => ({
  path: `tenants/${t}/dashboards/overview`,
  schema: DashboardOverview,
});

export const decision = (t: TenantId, id: string) => at(decisions(t), id);

export const cardEvidence = (t: TenantId, o: OpportunityId) =>
  at(evidence(t, o), "quotes");

export const historyEntry = (t: TenantId, o: OpportunityId, id: string) =>
  at(history(t, o), id);

export const inboxItem = (t: TenantId, id: OpportunityId) => at(inbox(t), id);

export const invitation = (t: TenantId, id: string) => at(invitations(t), id);

export const member = (t: TenantId, uid: Uid) => at(members(t), uid);

export const message = (t: TenantId, id: MessageId) => at(messages(t), id);

export const modelCall = (t: TenantId, inputHash: string) =>
  at(modelCalls(t), inputHash);

export const opportunity = (t: TenantId, id: OpportunityId) =>
  at(opportunities(t), id);

export const playbook = (t: TenantId, id: string) => at(playbooks(t), id);

export const resolution = (t: TenantId, id: MessageId) =>
  at(resolutions(t), id);

export const run = (t: TenantId, id: string) => at(runs(t), id);

export const schedule = (t: TenantId, id: AccountId) => at(schedules(t), id);

export const signal = (t: TenantId, id: SignalId) => at(signals(t), id);

export const nearDuplicate = (t: TenantId, of: SignalId, id: string) =>
  at(nearDuplicates(t, of), id);

export const snapshot = (t: TenantId, id: SnapshotId) => at(snapshots(t), id);

export const snapshotPart = (
  t: TenantId,
  id: SnapshotId,
  n: number,
): DocumentRef<SnapshotPart> => ({
  path: `tenants/${t}/snapshots/${id}/parts/${n}`,
  schema: SnapshotPart,
});

export const sourceState = (t: TenantId, id: AccountId, key: string) =>
  at(sourceStates(t), `${id}_${key}`);

/** A person's own choices, outside of every tenant. */
export const person = (uid: Uid): DocumentRef<Person> => ({
  path: `people/${uid}`,
  schema: Person,
});

export const personBudget = (uid: Uid, rate: string): DocumentRef<Budget> => ({
  path: `people/${uid}/budgets/${rate}`,
  schema: Budget,
});

export const personCommand = (
  uid: Uid,
  id: string,
): DocumentRef<KeyedCommand> => ({
  path: `people/${uid}/commands/${id}`,
  schema: KeyedCommand,
});

export const heartbeat: DocumentRef<Heartbeat> = {
  path: "system/heartbeat",
  schema: Heartbeat,
};
