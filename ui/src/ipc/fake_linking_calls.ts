/**
 * Made-up drawings of the calls of account linking, and the packages of extra merchant data as a form sees them.
 * Absent on purpose: the real calls; Rust draws those by what sends them.
 */
import type { BuiltData, CallView, DataPackage, DataPart, LinkingSession, OrderWish } from "./types";

const PATHS: Record<string, [method: string, path: string]> = {
  start: ["POST", "/payments/v1/sessions"],
  read: ["GET", "/payments/v1/sessions/{id}"],
  update: ["POST", "/payments/v1/sessions/{id}"],
  order: ["POST", "/payments/v1/authorizations/$KLARNA_AUTHORIZATION_TOKEN/order"],
};

export function drawn(step: string, host: string, order: OrderWish, session: LinkingSession | null): CallView {
  const [method, path] = PATHS[step] ?? ["GET", ""];
  const url = host + path.replace("{id}", session?.sessionId ?? "");
  const lines = order.lines.map(({ name, quantity, unitPrice }) => {
    return { name, quantity, unit_price: unitPrice, total_amount: quantity * unitPrice };
  });
  const terms = { purchase_country: order.country, purchase_currency: order.currency, order_lines: lines };
  const customer = session?.sent ? { customer: { customer_token: "$KLARNA_CUSTOMER_TOKEN" } } : {};
  const body =
    step === "read" ? null : { ...(step === "start" ? { intent: "buy_and_link" } : {}), ...terms, ...customer };
  const headers = {
    Authorization: "Basic base64($KLARNA_USERNAME:$KLARNA_PASSWORD)",
    "Content-Type": "application/json",
  };
  const data = body ? ` \\\n  --data-raw '${JSON.stringify(body, null, 2)}'` : "";
  return {
    ...{ step, method, url },
    curl: `curl -X ${method} '${url}' \\\n  -u "$KLARNA_USERNAME:$KLARNA_PASSWORD" \\\n  -H 'Content-Type: application/json'${data}`,
    json: JSON.stringify({ method, url, headers, ...(body ? { body } : {}) }, null, 2),
  };
}

const members = (text: string): DataPackage["members"] =>
  text.split(" ").map((word) => {
    const [name = "", holds = "text"] = word.split("=");
    return { name, holds };
  });

export const PACKAGES: DataPackage[] = [
  {
    name: "customer_account_info",
    members: members(
      "unique_account_identifier account_registration_date=date account_last_modified=date number_of_failed_login_attempts_24h=count",
    ),
  },
  {
    name: "customer_tokens",
    members: members(
      "avg_order_value=count avg_purchase_frequency_count=count avg_purchase_frequency_interval min_order_value=count max_order_value=count",
    ),
  },
  {
    name: "payment_history_simple",
    members: members("unique_account_identifier paid_before=truth"),
  },
];

export function builtOf(parts: readonly DataPart[]): BuiltData {
  const whole: Record<string, Record<string, string>[]> = {};
  for (const part of parts) ((whole[part.package] ??= [])[part.entry] ??= {})[part.member] = part.value;
  const body = JSON.stringify(whole);
  const attachment = { content_type: "application/vnd.klarna.internal.emd-v2+json", body };
  return { attachment: JSON.stringify(attachment, null, 2), body };
}
