-- ?1 public id, ?2 slug, ?3 retry schedule or null. Index tenant_slug_key. No row: the slug is taken.
insert into tenant (public_id, slug, retry_schedule)
values (?::uuid, ?::text, ?::text)
on conflict (slug) do nothing
