-- Collections: the chain of their changes, subscriptions to them, and who may read and subscribe a resource.
-- Words: docs/GLOSSARY.md. Rules: docs/CHANGES.md.

-- Of a collection's updates; null for those of an object, which pay nothing for it.
-- changes_id stays what it was: the origin's own id. A checkpoint is the id of an update.
alter table update_log drop column prev_changes_id;
alter table update_log
  add column previous_id      bigint,
  add column value_id         bigint,
  add column changes_sequence bigint;

alter table resource_snapshot
  add column changes_id       text,
  add column value_id         bigint,
  add column changes_sequence bigint;

alter table subscription add column merge boolean not null default false;

-- key = with a key of the tenant, open = anyone. Who subscribes must be able to read, else nobody can resync.
alter table resource
  add column subscribe text not null default 'key' check (subscribe in ('key', 'open')),
  add column read      text not null default 'key' check (read in ('key', 'open')),
  add constraint resource_open check (subscribe = 'key' or read = 'open');

-- As before, and the snapshot of a collection keeps where its chain stands.
create or replace function drop_days(floor bigint, keys_before date) returns int language plpgsql set lock_timeout = '2s' as $$
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
end $$;
