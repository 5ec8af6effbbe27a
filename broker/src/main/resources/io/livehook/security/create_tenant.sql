-- ?1 public id, ?2 slug. Index tenant_slug_key. No row: the slug is taken.
insert into tenant (public_id, slug)
values (?::uuid, ?::text)
on conflict (slug) do nothing
