-- ?1 slug. Index tenant_slug_key.
select id from tenant where slug = ?::text
