import { z } from "@hono/zod-openapi";
import * as at from "../../domain/collections.ts";
import { Asset } from "../../domain/cards/library.ts";
import { AssetChange, AssetForm } from "../../domain/cards/libraryForm.ts";
import { ids } from "../http/examples.ts";
import { libraryRoutes } from "./library.ts";

const View = z
  .object({
    id: z.string(),
    ...Asset.omit({ schemaVersion: true, createdAt: true, updatedAt: true })
      .shape,
  })
  .openapi("Asset");

const form = {
  title: "Moving a bank to the cloud",
  summary: "How a bank moved its core to the cloud in nine months.",
  url: "https://acme.example/bank",
  categories: ["restructuring" as const],
};

/** The routes of the assets that cards can link to. */
export const assetRoutes = libraryRoutes({
  kind: "asset",
  shelf: "assets",
  collection: at.assets,
  tell: (assetId, version) => [
    { topic: "asset-changed", payload: { assetId, version } },
  ],
  view: View,
  form: AssetForm,
  change: AssetChange,
  example: {
    form,
    entry: { id: ids.asset, ...form, active: true, version: 1 },
    change: { active: false },
  },
  summaries: {
    list: "Assets that cards can link to, by title; includes inactive ones",
    one: "A case study, deck or reference",
    add: "Add a case study, deck or reference; cards find it by meaning",
    change: "Change or deactivate an asset",
  },
});
