-- Tenants that can be deleted, keys that cannot reach too far, row-level security for readers, and an audit
-- whose rows are chained by hashes. Words: docs/GLOSSARY.md. Why: docs/adr/0004 and 0005.

-- A tenant is deleted from deleting_at on; its subscriptions are ended one batch at a time until deleted_at.
alter table tenant add column deleting_at timestamptz, add column deleted_at timestamptz;
create index tenant_deleting on tenant (id) where deleting_at is not null and deleted_at is null;

alter table api_key add constraint api_key_scope_of_role
  check (scope = 'tenant' or role in ('operator', 'viewer'));

create index subscription_tenant on subscription (tenant_id, id);

-- The audit. Rows of one chain have numbers without gaps; the hash of each covers the row before it.
-- chain = lane/N for what a lane's owner does, tenant/N for the rest.
create table audit_chain (
  chain  text primary key,
  number bigint not null,
  hash   bytea not null
) with (fillfactor = 50);

alter table audit
  add column chain  text,
  add column number bigint,
  add column before text,
  add column after  text,
  add column hash   bytea;

-- The text of a row that its hash covers: each field as length:text, or - when there is none.
create function audit_text(entry audit) returns text language sql stable as $$
  select string_agg(coalesce(octet_length(field) || ':' || field, '-'), ',' order by place)
    from unnest(array[entry.chain, entry.number::text, entry.tenant_id::text,
      (extract(epoch from entry.at) * 1000000)::bigint::text, entry.actor, entry.action, entry.subject,
      entry.request_id, entry.before, entry.after]) with ordinality f (field, place)
$$;

-- Whoever adds a row cannot forget its chain: one writer at a time per chain.
create function chain_audit() returns trigger language plpgsql as $$
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
end $$;

-- What is there already becomes the start of the tenants' chains.
do $$
declare
  old  audit;
  head audit_chain;
begin
  for old in select * from audit order by id loop
    old.chain := 'tenant/' || coalesce(old.tenant_id, 0);
    select * into head from audit_chain where chain = old.chain;
    old.number := coalesce(head.number, 0) + 1;
    old.hash := sha256(coalesce(head.hash, '') || convert_to(audit_text(old), 'UTF8'));
    update audit set chain = old.chain, number = old.number, hash = old.hash where id = old.id;
    insert into audit_chain (chain, number, hash) values (old.chain, old.number, old.hash)
    on conflict (chain) do update set number = excluded.number, hash = excluded.hash;
  end loop;
end $$;

alter table audit
  alter column chain set not null,
  alter column number set not null,
  alter column hash set not null,
  add constraint audit_chain_number unique (chain, number);
create trigger audit_chained before insert on audit for each row execute function chain_audit();

-- Row-level security. The tables' owner passes it; the role that readers take does not. A reader is bound
-- to the tenant whose number stands in livehook.tenant, to all names of tenants by '*', else to nothing.
create function bound_tenant() returns bigint language sql stable as $$
  select case when bound ~ '^[0-9]{1,18}$' then bound::bigint end
    from (select current_setting('livehook.tenant', true) as bound) b
$$;

alter table tenant enable row level security;
create policy bound on tenant for select
  using (id = (select bound_tenant()) or (select current_setting('livehook.tenant', true)) = '*');

do $$
declare
  name text;
begin
  foreach name in array array['api_key', 'resource', 'subscription', 'audit'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy bound on %I for select using (tenant_id = (select bound_tenant()))', name);
  end loop;
  foreach name in array array['update_log', 'resource_snapshot', 'idempotency'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy bound on %I for select using '
      '((select true from resource r where r.id = resource_id))', name);
  end loop;
  foreach name in array array['attempt', 'behind', 'retry', 'dead_letter', 'gap', 'subscription_count'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy bound on %I for select using '
      '((select true from subscription s where s.id = subscription_id))', name);
  end loop;
end $$;

-- Who holds a key that is valid now: asked before it is known which tenant to bind to.
create function key_holder(wanted bytea)
returns table (key uuid, role text, scope text, label text, expires_at timestamptz,
  tenant_id bigint, tenant_public_id uuid, slug text, retry_schedule text)
language sql stable security definer set search_path = public, pg_temp as $$
  select k.public_id, k.role, k.scope, k.label, k.expires_at, t.id, t.public_id, t.slug, t.retry_schedule
    from api_key k join tenant t on t.id = k.tenant_id
   where k.key_hash = wanted and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
     and t.deleting_at is null
$$;
revoke all on function key_holder(bytea) from public;

-- The role that readers take: named after the tables' owner, so that installations share no role. Made when
-- the owner may make roles; else an administrator makes it. Returns its name, or null when there is none.
create function prepare_reader() returns text language plpgsql as $$
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
end $$;
