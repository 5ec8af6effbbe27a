-- Secrets at rest. Words: docs/GLOSSARY.md. Why: docs/adr/0008.

-- One data key per tenant, wrapped by the master key that it names. Readers have no access to it.
create table data_key (
  id         bigint generated always as identity primary key,
  tenant     bigint not null unique references tenant,
  master     text not null,
  wrapped    bytea not null,
  created_at timestamptz not null default now(),
  wrapped_at timestamptz not null default now()
);

-- subscription.secret holds a sealed keyring, which begins with a mark that is no ASCII. Rows from before are
-- sealed by the running broker, through their lanes; this finds them.
create index subscription_unsealed on subscription (id) where secret not like '§%' and status <> 'ended';

-- How its deliveries look, as a JSON object; null = the body as it came, signed as everybody's.
alter table subscription add column form text;
