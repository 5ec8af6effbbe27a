-- R6. The same with new resources ($11-$17), idempotency keys ($18, $19), places in the chains of collections ($20-$23) and
-- resources that become collections ($24). Returns the ids inserted. Index idempotency_pkey.
with fence as materialized (select 1 from owner where id = $1::int8 and ended_at is null for share),
line as materialized (
  select u.* from fence, unnest($2::int8[], $3::int8[], $4::int8[], $5::int8[], $6::int2[], $7::text[], $8::text[], $9::text[], $10::bytea[],
    $18::text[], $19::bytea[], $20::int8[], $21::int8[], $22::int8[], $23::text[])
    u (id, resource_id, sub_ver, sequence, kind, etag, content_type, headers, body, key, hash, previous_id, value_id, changes_sequence, changes_id)),
created as (
  insert into resource (id, public_id, tenant_id, uri, uri_hash, lane, kind)
  select r.* from fence, unnest($11::int8[], $12::uuid[], $13::int8[], $14::text[], $15::bytea[], $16::int4[], $17::text[]) r),
turned as (
  update resource r set kind = 'collection' from fence where r.id = any($24::int8[])),
won as (
  insert into idempotency (resource_id, key, day, update_id, body_hash)
  select resource_id, key, (now() at time zone 'UTC')::date, id, hash from line
   where key is not null and not exists (
     select 1 from idempotency y where y.resource_id = line.resource_id and y.key = line.key
        and y.day = (now() at time zone 'UTC')::date - 1)
   order by resource_id, key on conflict do nothing returning update_id)
insert into update_log (id, resource_id, sub_ver, sequence, kind, etag, content_type, headers, body, previous_id, value_id, changes_sequence, changes_id)
select id, resource_id, sub_ver, sequence, kind, etag, content_type, headers, body, previous_id, value_id, changes_sequence, changes_id from line
 where key is null or id in (select update_id from won)
returning id
