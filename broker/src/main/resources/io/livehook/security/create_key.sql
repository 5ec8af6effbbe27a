-- ?1 public id, ?2 tenant, ?3 role, ?4 scope, ?5 label, ?6 keyed hash. Index api_key_key_hash_key.
insert into api_key (public_id, tenant_id, role, scope, label, key_hash)
values (?::uuid, ?::bigint, ?::text, ?::text, ?::text, ?::bytea)
