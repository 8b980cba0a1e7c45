// The API's resources as this app uses them: JSON of /me and /records in, checked values out.
import type { Caller } from "../access";
import type { ApiClient } from "./client";
import { ApiFailure } from "./problem";

export interface RecordFields {
  readonly title: string;
  readonly text: string;
}

export interface StoredRecord extends RecordFields {
  readonly id: string;
  /** ISO 8601. */
  readonly updatedAt: string;
  /** The object id of whoever owns it. */
  readonly owner: string;
}

/** Somebody who may own records; the names are those of their last token, and an application has none. */
export interface Owner {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly username: string;
  /** How many records they own. */
  readonly records: number;
}

/** What administrators see: how many records there are, and of whom. */
export interface Overview {
  readonly records: number;
  readonly owners: readonly Owner[];
}

/** Some records, newest first, and the cursor of the next ones. */
export interface RecordPage {
  readonly items: readonly StoredRecord[];
  readonly next: string | null;
}

type Json = Readonly<Record<string, unknown>>;

function object(value: unknown): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new ApiFailure("broken", null);
  return value as Json;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function storedRecord(value: unknown): StoredRecord {
  const json = object(value);
  const id = json["id"];
  if (typeof id !== "string") throw new ApiFailure("broken", null);
  return {
    id,
    title: text(json["title"]),
    text: text(json["text"]),
    updatedAt: text(json["updatedAt"]),
    owner: text(json["owner"]),
  };
}

function count(value: unknown): number {
  if (typeof value !== "number") throw new ApiFailure("broken", null);
  return value;
}

function ownerOf(value: unknown): Owner {
  const json = object(value);
  const id = json["id"];
  if (typeof id !== "string") throw new ApiFailure("broken", null);
  const records = count(json["records"]);
  return { id, kind: text(json["kind"]), name: text(json["name"]), username: text(json["username"]), records };
}

function recordPath(id: string): string {
  return `/records/${encodeURIComponent(id)}`;
}

/** Ask the API whom it sees. */
export async function fetchCaller(api: ApiClient): Promise<Caller> {
  const json = object(await api.call("GET", "/me"));
  return { name: text(json["name"]), roles: texts(json["roles"]), scopes: texts(json["scopes"]) };
}

/** Read one page of records, of one owner where one is named: the first page, or the one that a cursor names. */
export async function listRecords(
  api: ApiClient,
  after: string | null = null,
  owner: string | null = null,
): Promise<RecordPage> {
  const query = new URLSearchParams();
  if (after !== null) query.set("after", after);
  if (owner !== null) query.set("owner", owner);
  const { items, next } = object(await api.call("GET", query.size > 0 ? `/records?${query.toString()}` : "/records"));
  if (!Array.isArray(items)) throw new ApiFailure("broken", null);
  return { items: items.map(storedRecord), next: typeof next === "string" ? next : null };
}

/** Read one record. */
export async function readRecord(api: ApiClient, id: string): Promise<StoredRecord> {
  return storedRecord(await api.call("GET", recordPath(id)));
}

/** Create a record. */
export async function createRecord(api: ApiClient, fields: RecordFields): Promise<StoredRecord> {
  return storedRecord(await api.call("POST", "/records", fields));
}

/** Replace a record's fields. */
export async function updateRecord(api: ApiClient, id: string, fields: RecordFields): Promise<StoredRecord> {
  return storedRecord(await api.call("PUT", recordPath(id), fields));
}

/** Delete a record. */
export async function deleteRecord(api: ApiClient, id: string): Promise<void> {
  await api.call("DELETE", recordPath(id));
}

/** Give a record to another owner. */
export async function assignRecord(api: ApiClient, id: string, owner: string): Promise<StoredRecord> {
  return storedRecord(await api.call("PUT", `${recordPath(id)}/owner`, { owner }));
}

/** Read what only administrators see. */
export async function readOverview(api: ApiClient): Promise<Overview> {
  const { records, owners } = object(await api.call("GET", "/admin/data"));
  if (!Array.isArray(owners)) throw new ApiFailure("broken", null);
  return { records: count(records), owners: owners.map(ownerOf) };
}
