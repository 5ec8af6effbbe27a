-- What the migrations make, from PostgreSQL's catalog. Do not edit: 'make schema'.

create table api_key (
  id bigint not null generated always as identity,
  public_id uuid not null,
  tenant_id bigint not null,
  role text not null,
  scope text not null default 'tenant'::text,
  label text not null default ''::text,
  key_hash bytea not null,
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone,
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  constraint api_key_key_hash_key UNIQUE (key_hash),
  constraint api_key_pkey PRIMARY KEY (id),
  constraint api_key_public_id_key UNIQUE (public_id),
  constraint api_key_role_check CHECK ((role = ANY (ARRAY['origin'::text, 'consumer'::text, 'operator'::text, 'viewer'::text]))),
  constraint api_key_scope_check CHECK ((scope = ANY (ARRAY['tenant'::text, '*'::text]))),
  constraint api_key_scope_of_role CHECK (((scope = 'tenant'::text) OR (role = ANY (ARRAY['operator'::text, 'viewer'::text])))),
  constraint api_key_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id)
);
CREATE INDEX api_key_tenant ON public.api_key USING btree (tenant_id);
alter table api_key enable row level security;
create policy bound on api_key for select using ((tenant_id = ( SELECT bound_tenant() AS bound_tenant)));

create table attempt (
  update_id bigint not null,
  subscription_id bigint not null,
  number integer not null,
  at bigint not null,
  duration integer not null,
  status smallint not null,
  ended boolean not null,
  reason text,
  answer bytea
) partition by RANGE (update_id);
CREATE INDEX attempt_key ON public.attempt USING btree (update_id, subscription_id, number);
alter table attempt enable row level security;
create policy bound on attempt for select using (( SELECT true FROM subscription s WHERE (s.id = attempt.subscription_id)));

create table audit (
  id bigint not null generated always as identity,
  tenant_id bigint,
  at timestamp with time zone not null default now(),
  actor text not null,
  action text not null,
  subject text not null,
  request_id text not null,
  chain text not null,
  number bigint not null,
  before text,
  after text,
  hash bytea not null,
  constraint audit_chain_number UNIQUE (chain, number),
  constraint audit_pkey PRIMARY KEY (id)
);
CREATE INDEX audit_tenant ON public.audit USING btree (tenant_id, id);
alter table audit enable row level security;
create policy bound on audit for select using ((tenant_id = ( SELECT bound_tenant() AS bound_tenant)));
CREATE TRIGGER audit_chained BEFORE INSERT ON public.audit FOR EACH ROW EXECUTE FUNCTION chain_audit();

create table audit_chain (
  chain text not null,
  number bigint not null,
  hash bytea not null,
  constraint audit_chain_pkey PRIMARY KEY (chain)
) with (fillfactor=50);

create table behind (
  subscription_id bigint not null,
  lane integer not null,
  since bigint not null,
  reason text not null,
  probe_at timestamp with time zone,
  at timestamp with time zone not null default now(),
  constraint behind_pkey PRIMARY KEY (subscription_id),
  constraint behind_reason_check CHECK ((reason = ANY (ARRAY['down'::text, 'slow'::text, 'blocked'::text, 'spilled'::text, 'held'::text]))),
  constraint behind_subscription_id_fkey FOREIGN KEY (subscription_id) REFERENCES subscription(id)
) with (fillfactor=50);
CREATE INDEX behind_lane ON public.behind USING btree (lane);
alter table behind enable row level security;
create policy bound on behind for select using (( SELECT true FROM subscription s WHERE (s.id = behind.subscription_id)));

create table data_key (
  id bigint not null generated always as identity,
  tenant bigint not null,
  master text not null,
  wrapped bytea not null,
  created_at timestamp with time zone not null default now(),
  wrapped_at timestamp with time zone not null default now(),
  constraint data_key_pkey PRIMARY KEY (id),
  constraint data_key_tenant_fkey FOREIGN KEY (tenant) REFERENCES tenant(id),
  constraint data_key_tenant_key UNIQUE (tenant)
);

create table dead_letter (
  subscription_id bigint not null,
  update_id bigint not null,
  attempts integer not null,
  reason text not null,
  at timestamp with time zone not null default now(),
  constraint dead_letter_pkey PRIMARY KEY (subscription_id, update_id),
  constraint dead_letter_subscription_id_fkey FOREIGN KEY (subscription_id) REFERENCES subscription(id)
);
CREATE INDEX dead_letter_at ON public.dead_letter USING btree (at DESC);
alter table dead_letter enable row level security;
create policy bound on dead_letter for select using (( SELECT true FROM subscription s WHERE (s.id = dead_letter.subscription_id)));

create table gap (
  subscription_id bigint not null,
  from_id bigint not null,
  to_id bigint not null,
  deliveries bigint not null,
  reason text not null,
  at timestamp with time zone not null default now(),
  constraint gap_pkey PRIMARY KEY (subscription_id, from_id),
  constraint gap_subscription_id_fkey FOREIGN KEY (subscription_id) REFERENCES subscription(id)
);
alter table gap enable row level security;
create policy bound on gap for select using (( SELECT true FROM subscription s WHERE (s.id = gap.subscription_id)));

create table idempotency (
  resource_id bigint not null,
  key text not null,
  day date not null,
  update_id bigint not null,
  body_hash bytea not null,
  constraint idempotency_pkey PRIMARY KEY (resource_id, key, day)
) partition by RANGE (day);
alter table idempotency enable row level security;
create policy bound on idempotency for select using (( SELECT true FROM resource r WHERE (r.id = idempotency.resource_id)));

create table lane (
  id integer not null,
  owner_id bigint,
  watermark bigint not null default 0,
  floor bigint not null default 0,
  constraint lane_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES owner(id),
  constraint lane_pkey PRIMARY KEY (id)
) with (fillfactor=10);

create table node (
  id bigint not null generated always as identity,
  name text not null,
  beat_until timestamp with time zone not null default now(),
  constraint node_name_key UNIQUE (name),
  constraint node_pkey PRIMARY KEY (id)
);

create table owner (
  id bigint not null generated always as identity,
  node_id bigint not null,
  started_at timestamp with time zone not null default now(),
  ended_at timestamp with time zone,
  constraint owner_node_id_fkey FOREIGN KEY (node_id) REFERENCES node(id),
  constraint owner_pkey PRIMARY KEY (id)
);
CREATE INDEX owner_living ON public.owner USING btree (node_id) WHERE (ended_at IS NULL);

create table resource (
  id bigint not null,
  public_id uuid not null,
  tenant_id bigint not null,
  uri text not null,
  uri_hash bytea not null,
  lane integer not null,
  kind text not null default 'object'::text,
  sub_ver bigint not null default 0,
  created_at timestamp with time zone not null default now(),
  subscribe text not null default 'key'::text,
  read text not null default 'key'::text,
  constraint resource_kind_check CHECK ((kind = ANY (ARRAY['object'::text, 'collection'::text]))),
  constraint resource_open CHECK (((subscribe = 'key'::text) OR (read = 'open'::text))),
  constraint resource_pkey PRIMARY KEY (id),
  constraint resource_public_id_key UNIQUE (public_id),
  constraint resource_read_check CHECK ((read = ANY (ARRAY['key'::text, 'open'::text]))),
  constraint resource_subscribe_check CHECK ((subscribe = ANY (ARRAY['key'::text, 'open'::text]))),
  constraint resource_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id),
  constraint resource_tenant_id_uri_hash_key UNIQUE (tenant_id, uri_hash)
);
CREATE INDEX resource_lane ON public.resource USING btree (lane, id);
alter table resource enable row level security;
create policy bound on resource for select using ((tenant_id = ( SELECT bound_tenant() AS bound_tenant)));

create table resource_snapshot (
  resource_id bigint not null,
  update_id bigint not null,
  sequence bigint not null,
  kind smallint not null,
  etag text,
  content_type text,
  headers text,
  body bytea not null,
  changes_id text,
  value_id bigint,
  changes_sequence bigint,
  constraint resource_snapshot_pkey PRIMARY KEY (resource_id),
  constraint resource_snapshot_resource_id_fkey FOREIGN KEY (resource_id) REFERENCES resource(id)
);
alter table resource_snapshot enable row level security;
create policy bound on resource_snapshot for select using (( SELECT true FROM resource r WHERE (r.id = resource_snapshot.resource_id)));

create table retry (
  subscription_id bigint not null,
  update_id bigint not null,
  lane integer not null,
  attempts integer not null,
  next_at timestamp with time zone not null,
  reason text not null,
  constraint retry_pkey PRIMARY KEY (subscription_id, update_id),
  constraint retry_subscription_id_fkey FOREIGN KEY (subscription_id) REFERENCES subscription(id)
) with (fillfactor=70);
CREATE INDEX retry_due ON public.retry USING btree (lane, next_at);
CREATE INDEX retry_update ON public.retry USING btree (lane, update_id);
alter table retry enable row level security;
create policy bound on retry for select using (( SELECT true FROM subscription s WHERE (s.id = retry.subscription_id)));

create table subscription (
  id bigint not null,
  public_id uuid not null,
  tenant_id bigint not null,
  resource_id bigint not null,
  lane integer not null,
  mode text not null default 'value'::text,
  kind text not null default 'rest'::text,
  label text not null default ''::text,
  callback text not null,
  callback_hash bytea not null,
  host text not null,
  status text not null default 'active'::text,
  reason text,
  from_ver bigint not null,
  to_ver bigint,
  from_sequence bigint not null,
  to_sequence bigint,
  lease_until timestamp with time zone,
  strict boolean not null default false,
  max_in_flight integer not null default 1,
  retry_schedule text,
  secret text not null,
  created_at timestamp with time zone not null default now(),
  ended_at timestamp with time zone,
  merge boolean not null default false,
  form text,
  constraint subscription_kind_check CHECK ((kind = ANY (ARRAY['rest'::text, 'websub'::text]))),
  constraint subscription_mode_check CHECK ((mode = ANY (ARRAY['value'::text, 'changes'::text]))),
  constraint subscription_pkey PRIMARY KEY (id),
  constraint subscription_public_id_key UNIQUE (public_id),
  constraint subscription_resource_id_fkey FOREIGN KEY (resource_id) REFERENCES resource(id),
  constraint subscription_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'active'::text, 'inactive'::text, 'ended'::text]))),
  constraint subscription_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id)
);
CREATE INDEX subscription_callback ON public.subscription USING btree (tenant_id, callback_hash);
CREATE INDEX subscription_ended ON public.subscription USING btree (ended_at) WHERE (status = 'ended'::text);
CREATE INDEX subscription_lane ON public.subscription USING btree (lane, id);
CREATE INDEX subscription_resource ON public.subscription USING btree (resource_id, id);
CREATE INDEX subscription_tenant ON public.subscription USING btree (tenant_id, id);
CREATE UNIQUE INDEX subscription_unique ON public.subscription USING btree (resource_id, mode, kind, label, callback_hash) WHERE (status <> 'ended'::text);
CREATE INDEX subscription_unsealed ON public.subscription USING btree (id) WHERE ((secret !~~ '§%'::text) AND (status <> 'ended'::text));
alter table subscription enable row level security;
create policy bound on subscription for select using ((tenant_id = ( SELECT bound_tenant() AS bound_tenant)));

create table subscription_count (
  subscription_id bigint not null,
  through_id bigint not null,
  delivered bigint not null,
  constraint subscription_count_pkey PRIMARY KEY (subscription_id),
  constraint subscription_count_subscription_id_fkey FOREIGN KEY (subscription_id) REFERENCES subscription(id)
);
alter table subscription_count enable row level security;
create policy bound on subscription_count for select using (( SELECT true FROM subscription s WHERE (s.id = subscription_count.subscription_id)));

create table tenant (
  id bigint not null generated always as identity,
  public_id uuid not null,
  slug text not null,
  retry_schedule text,
  created_at timestamp with time zone not null default now(),
  deleting_at timestamp with time zone,
  deleted_at timestamp with time zone,
  constraint tenant_pkey PRIMARY KEY (id),
  constraint tenant_public_id_key UNIQUE (public_id),
  constraint tenant_slug_check CHECK ((slug ~ '^[a-z0-9-]{1,40}$'::text)),
  constraint tenant_slug_key UNIQUE (slug)
);
CREATE INDEX tenant_deleting ON public.tenant USING btree (id) WHERE ((deleting_at IS NOT NULL) AND (deleted_at IS NULL));
alter table tenant enable row level security;
create policy bound on tenant for select using (((id = ( SELECT bound_tenant() AS bound_tenant)) OR (( SELECT current_setting('livehook.tenant'::text, true) AS current_setting) = '*'::text)));

create table update_log (
  id bigint not null,
  resource_id bigint not null,
  sub_ver bigint not null,
  sequence bigint not null,
  kind smallint not null,
  etag text,
  changes_id text,
  content_type text,
  headers text,
  body bytea storage external not null,
  previous_id bigint,
  value_id bigint,
  changes_sequence bigint
) partition by RANGE (id);
CREATE INDEX update_log_id ON public.update_log USING brin (id) WITH (pages_per_range='16', autosummarize='on');
CREATE UNIQUE INDEX update_log_resource ON public.update_log USING btree (resource_id, id);
alter table update_log enable row level security;
create policy bound on update_log for select using (( SELECT true FROM resource r WHERE (r.id = update_log.resource_id)));

CREATE OR REPLACE FUNCTION public.audit_text(entry audit)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select string_agg(coalesce(octet_length(field) || ':' || field, '-'), ',' order by place)
    from unnest(array[entry.chain, entry.number::text, entry.tenant_id::text,
      (extract(epoch from entry.at) * 1000000)::bigint::text, entry.actor, entry.action, entry.subject,
      entry.request_id, entry.before, entry.after]) with ordinality f (field, place)
$function$
;

CREATE OR REPLACE FUNCTION public.bound_tenant()
 RETURNS bigint
 LANGUAGE sql
 STABLE
AS $function$
  select case when bound ~ '^[0-9]{1,18}$' then bound::bigint end
    from (select current_setting('livehook.tenant', true) as bound) b
$function$
;

CREATE OR REPLACE FUNCTION public.chain_audit()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  head audit_chain;
begin
  loop
    select * into head from audit_chain where chain = new.chain for update;
    exit when found;
    insert into audit_chain (chain, number, hash) values (new.chain, 0, '') on conflict do nothing;
  end loop;
  new.number := head.number + 1;
  new.hash := sha256(head.hash || convert_to(audit_text(new), 'UTF8'));
  update audit_chain set number = new.number, hash = new.hash where chain = new.chain;
  return new;
end $function$
;

CREATE OR REPLACE FUNCTION public.create_day(wanted date)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
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
end $function$
;

CREATE OR REPLACE FUNCTION public.drop_days(floor bigint, keys_before date)
 RETURNS integer
 LANGUAGE plpgsql
 SET lock_timeout TO '2s'
AS $function$
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
      insert into resource_snapshot (resource_id, update_id, sequence, kind, etag, content_type, headers, body,
        changes_id, value_id, changes_sequence)
      select distinct on (p.resource_id) p.resource_id, p.id, p.sequence, p.kind, p.etag, p.content_type, p.headers,
             case when p.kind = 1 then ''::bytea else p.body end, p.changes_id, p.value_id, p.changes_sequence
        from %I p where not exists (select 1 from update_log u where u.resource_id = p.resource_id and u.id >= %s)
       order by p.resource_id, p.id desc
      on conflict (resource_id) do update set update_id = excluded.update_id, sequence = excluded.sequence,
        kind = excluded.kind, etag = excluded.etag, content_type = excluded.content_type,
        headers = excluded.headers, body = excluded.body, changes_id = excluded.changes_id,
        value_id = excluded.value_id, changes_sequence = excluded.changes_sequence
        where resource_snapshot.update_id < excluded.update_id
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
end $function$
;

CREATE OR REPLACE FUNCTION public.key_holder(wanted bytea)
 RETURNS TABLE(key uuid, role text, scope text, label text, expires_at timestamp with time zone, tenant_id bigint, tenant_public_id uuid, slug text, retry_schedule text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select k.public_id, k.role, k.scope, k.label, k.expires_at, t.id, t.public_id, t.slug, t.retry_schedule
    from api_key k join tenant t on t.id = k.tenant_id
   where k.key_hash = wanted and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
     and t.deleting_at is null
$function$
;

CREATE OR REPLACE FUNCTION public.prepare_reader()
 RETURNS text
 LANGUAGE plpgsql
AS $function$
declare
  reader text := left(current_user, 56) || '_reader';
  may    text := case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end;
begin
  perform pg_advisory_xact_lock(hashtext('livehook.prepare_reader'));
  if to_regrole(quote_ident(reader)) is null then
    begin
      execute format('create role %I nologin', reader);
    exception when duplicate_object or unique_violation then
      null; -- made meanwhile for another database of this server
    end;
  end if;
  if not pg_has_role(current_user, reader, may) then
    execute format('grant %I to %I', reader, current_user);
  end if;
  if not has_table_privilege(reader, 'subscription', 'select') then
    execute format('grant usage on schema public to %I', reader);
    execute format('grant select on tenant, api_key, resource, subscription, audit, update_log, resource_snapshot, '
      'idempotency, attempt, behind, retry, dead_letter, gap, subscription_count to %I', reader);
    execute format('grant execute on function key_holder(bytea) to %I', reader);
  end if;
  return reader;
exception when insufficient_privilege then
  return null;
end $function$
;
