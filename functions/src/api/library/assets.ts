import { z } from "@hono/zod-openapi";
import * as at from "../../domain/collections.ts";
import { Asset } from "../../domain/cards/library.ts";
import { AssetChange, AssetForm } from "../../domain/cards/libraryForm.ts";
import type { Api, ApiDeps } from "../http/context.ts";
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

/** The routes of what cards can point to. */
export function assetRoutes(api: Api, deps: ApiDeps): void {
  libraryRoutes(
    api,
    {
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
        list: "What cards can point to, by title; what is out of use too",
        one: "A case study, deck or reference",
        add: "Add a case study, deck or reference; cards find it by its meaning",
        change: "Change an asset, or take it out of use",
      },
    },
    deps,
  );
}
