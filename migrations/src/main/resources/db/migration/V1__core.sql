-- Livehook: tenants, keys, resources, subscriptions, the log and the rows that trouble costs.
-- Words: docs/GLOSSARY.md. Rules: docs/ARCHITECTURE.md.

create table tenant (
  id             bigint generated always as identity primary key,
  public_id      uuid not null unique,
  slug           text not null unique check (slug ~ '^[a-z0-9-]{1,40}$'),
  retry_schedule text,
  created_at     timestamptz not null default now()
);

create table api_key (
  id           bigint generated always as identity primary key,
  public_id    uuid not null unique,
  tenant_id    bigint not null references tenant,
  role         text not null check (role in ('origin', 'consumer', 'operator', 'viewer')),
  scope        text not null default 'tenant' check (scope in ('tenant', '*')),
  label        text not null default '',
  key_hash     bytea not null unique,
  created_at   timestamptz not null default now(),
  expires_at   timestamptz,
  last_used_at timestamptz,
  revoked_at   timestamptz
);
create index api_key_tenant on api_key (tenant_id);

-- Who runs lanes (PROTOCOL R1-R5). An owner's id is its epoch; only the end of an owner updates it.
create table node (
  id         bigint generated always as identity primary key,
  name       text not null unique,
  beat_until timestamptz not null default now()
);
create table owner (
  id         bigint generated always as identity primary key,
  node_id    bigint not null references node,
  started_at timestamptz not null default now(),
  ended_at   timestamptz
);
create index owner_living on owner (node_id) where ended_at is null;
create table lane (
  id        int primary key,
  owner_id  bigint references owner,
  watermark bigint not null default 0,
  floor     bigint not null default 0
) with (fillfactor = 10);

create table resource (
  id         bigint primary key,
  public_id  uuid not null unique,
  tenant_id  bigint not null references tenant,
  uri        text not null,
  uri_hash   bytea not null,
  lane       int not null,
  kind       text not null default 'object' check (kind in ('object', 'collection')),
  sub_ver    bigint not null default 0,
  created_at timestamptz not null default now(),
  unique (tenant_id, uri_hash)
);
create index resource_lane on resource (lane, id);

create table subscription (
  id             bigint primary key,
  public_id      uuid not null unique,
  tenant_id      bigint not null references tenant,
  resource_id    bigint not null references resource,
  lane           int not null,
  mode           text not null default 'value' check (mode in ('value', 'changes')),
  kind           text not null default 'rest' check (kind in ('rest', 'websub')),
  label          text not null default '',
  callback       text not null,
  callback_hash  bytea not null,
  host           text not null,
  status         text not null default 'active' check (status in ('pending', 'active', 'inactive', 'ended')),
  reason         text,
  from_ver       bigint not null,
  to_ver         bigint,
  from_sequence  bigint not null,
  to_sequence    bigint,
  lease_until    timestamptz,
  strict         boolean not null default false,
  max_in_flight  int not null default 1,
  retry_schedule text,
  secret         text not null,
  created_at     timestamptz not null default now(),
  ended_at       timestamptz
);
create unique index subscription_unique on subscription (resource_id, mode, kind, label, callback_hash)
  where status <> 'ended';
create index subscription_lane on subscription (lane, id);
create index subscription_resource on subscription (resource_id, id);
create index subscription_callback on subscription (tenant_id, callback_hash);
create index subscription_ended on subscription (ended_at) where status = 'ended';

-- The log. id = milliseconds since 2025 << 22 | lane << 12 | counter.
create table update_log (
  id              bigint not null,
  resource_id     bigint not null,
  sub_ver         bigint not null,
  sequence        bigint not null,
  kind            smallint not null,
  etag            text,
  changes_id      text,
  prev_changes_id text,
  content_type    text,
  headers         text,
  body            bytea not null
) partition by range (id);
alter table update_log alter column body set storage external;
create unique index update_log_resource on update_log (resource_id, id);
create index update_log_id on update_log using brin (id) with (pages_per_range = 16, autosummarize = on);

-- The last value of a resource whose log partitions were dropped.
create table resource_snapshot (
  resource_id  bigint primary key references resource,
  update_id    bigint not null,
  sequence     bigint not null,
  kind         smallint not null,
  etag         text,
  content_type text,
  headers      text,
  body         bytea not null
);

-- One row per POST. ended = this attempt closed the delivery.
create table attempt (
  update_id       bigint not null,
  subscription_id bigint not null,
  number          int not null,
  at              bigint not null,
  duration        int not null,
  status          smallint not null,
  ended           boolean not null,
  reason          text,
  answer          bytea
) partition by range (update_id);
create index attempt_key on attempt (update_id, subscription_id, number);

create table idempotency (
  resource_id bigint not null,
  key         text not null,
  day         date not null,
  update_id   bigint not null,
  body_hash   bytea not null,
  primary key (resource_id, key, day)
) partition by range (day);

create table behind (
  subscription_id bigint primary key references subscription,
  lane            int not null,
  since           bigint not null,
  reason          text not null check (reason in ('down', 'slow', 'blocked', 'spilled', 'held')),
  probe_at        timestamptz,
  at              timestamptz not null default now()
) with (fillfactor = 50);
create index behind_lane on behind (lane);

create table retry (
  subscription_id bigint not null references subscription,
  update_id       bigint not null,
  lane            int not null,
  attempts        int not null,
  next_at         timestamptz not null,
  reason          text not null,
  primary key (subscription_id, update_id)
) with (fillfactor = 70);
create index retry_due on retry (lane, next_at);
create index retry_update on retry (lane, update_id);

create table dead_letter (
  subscription_id bigint not null references subscription,
  update_id       bigint not null,
  attempts        int not null,
  reason          text not null,
  at              timestamptz not null default now(),
  primary key (subscription_id, update_id)
);
create index dead_letter_at on dead_letter (at desc);

create table gap (
  subscription_id bigint not null references subscription,
  from_id         bigint not null,
  to_id           bigint not null,
  deliveries      bigint not null,
  reason          text not null,
  at              timestamptz not null default now(),
  primary key (subscription_id, from_id)
);

-- Ended deliveries of dropped partitions; readers add the attempts above through_id.
create table subscription_count (
  subscription_id bigint primary key references subscription,
  through_id      bigint not null,
  delivered       bigint not null
);

create table audit (
  id         bigint generated always as identity primary key,
  tenant_id  bigint,
  at         timestamptz not null default now(),
  actor      text not null,
  action     text not null,
  subject    text not null,
  request_id text not null
);
create index audit_tenant on audit (tenant_id, id);

-- Partitions for one day of the log, its attempts and its idempotency keys; does nothing when they exist.
-- Attached, not created in place: that needs no lock that appends would wait for.
create function create_day(wanted date) returns void language plpgsql as $$
declare
  low  bigint := (extract(epoch from wanted::timestamp at time zone 'UTC')::bigint * 1000 - 1735689600000) << 22;
  high bigint := (extract(epoch from (wanted + 1)::timestamp at time zone 'UTC')::bigint * 1000 - 1735689600000) << 22;
  name text;
begin
  perform pg_advisory_xact_lock(hashtext('livehook.create_day'));
  foreach name in array array['update_log', 'attempt'] loop
    if to_regclass(format('%s_%s', name, to_char(wanted, 'YYYYMMDD'))) is null then
      execute format('create table %I (like %I including defaults including storage)', name || to_char(wanted, '_YYYYMMDD'), name);
      execute format('alter table %I attach partition %I for values from (%s) to (%s)', name, name || to_char(wanted, '_YYYYMMDD'), low, high);
    end if;
  end loop;
  if to_regclass('idempotency_' || to_char(wanted, 'YYYYMMDD')) is null then
    execute format('create table %I (like idempotency including defaults)', 'idempotency' || to_char(wanted, '_YYYYMMDD'));
    execute format('alter table idempotency attach partition %I for values from (%L) to (%L)', 'idempotency' || to_char(wanted, '_YYYYMMDD'), wanted, wanted + 1);
  end if;
end $$;

-- Drops the days of the log that lie whole at or below a floor, with their attempts and old keys.
-- First the last value of each resource that has nothing newer is kept, and what was delivered is counted.
-- Waits at most two seconds for its locks: appends go on meanwhile, and the next run tries again.
create function drop_days(floor bigint, keys_before date) returns int language plpgsql set lock_timeout = '2s' as $$
declare
  day     text;
  high    bigint;
  dropped int := 0;
begin
  perform pg_advisory_xact_lock(hashtext('livehook.create_day'));
  for day in
    select right(c.relname, 8) from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'update_log'::regclass order by c.relname
  loop
    high := (extract(epoch from (to_date(day, 'YYYYMMDD') + 1)::timestamp at time zone 'UTC')::bigint * 1000 - 1735689600000) << 22;
    exit when high > floor;
    execute format($sql$
      insert into resource_snapshot (resource_id, update_id, sequence, kind, etag, content_type, headers, body)
      select distinct on (p.resource_id) p.resource_id, p.id, p.sequence, p.kind, p.etag, p.content_type, p.headers, p.body
        from %I p where not exists (select 1 from update_log u where u.resource_id = p.resource_id and u.id >= %s)
       order by p.resource_id, p.id desc
      on conflict (resource_id) do update set update_id = excluded.update_id, sequence = excluded.sequence,
        kind = excluded.kind, etag = excluded.etag, content_type = excluded.content_type,
        headers = excluded.headers, body = excluded.body where resource_snapshot.update_id < excluded.update_id
      $sql$, 'update_log_' || day, high);
    execute format($sql$
      insert into subscription_count (subscription_id, through_id, delivered)
      select a.subscription_id, %s, count(distinct a.update_id) from %I a join subscription s on s.id = a.subscription_id
       where a.ended and a.status between 200 and 299 group by a.subscription_id
      on conflict (subscription_id) do update set through_id = excluded.through_id,
        delivered = subscription_count.delivered + excluded.delivered
      $sql$, high, 'attempt_' || day);
    execute format('drop table %I, %I', 'update_log_' || day, 'attempt_' || day);
    dropped := dropped + 1;
  end loop;
  for day in
    select right(c.relname, 8) from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'idempotency'::regclass and right(c.relname, 8) < to_char(keys_before, 'YYYYMMDD')
  loop
    execute format('drop table %I', 'idempotency_' || day);
  end loop;
  return dropped;
end $$;
