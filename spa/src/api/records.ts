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
  return { id, title: text(json["title"]), text: text(json["text"]), updatedAt: text(json["updatedAt"]) };
}

function recordPath(id: string): string {
  return `/records/${encodeURIComponent(id)}`;
}

/** Ask the API whom it sees. */
export async function fetchCaller(api: ApiClient): Promise<Caller> {
  const json = object(await api.call("GET", "/me"));
  return { name: text(json["name"]), roles: texts(json["roles"]), scopes: texts(json["scopes"]) };
}

/** Read one page of records: the first, or the one that a cursor names. */
export async function listRecords(api: ApiClient, after: string | null = null): Promise<RecordPage> {
  const query = after === null ? "" : `?after=${encodeURIComponent(after)}`;
  const { items, next } = object(await api.call("GET", `/records${query}`));
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

/** Read what only administrators see. */
export async function readAdminData(api: ApiClient): Promise<Json> {
  return object(await api.call("GET", "/admin/data"));
}
