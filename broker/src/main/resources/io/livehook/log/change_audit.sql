-- One row per state change, in its transaction. $1 tenants, $2 actors, $3 actions, $4 subjects, $5 request ids.
insert into audit (tenant_id, actor, action, subject, request_id)
select a.* from unnest($1::int8[], $2::text[], $3::text[], $4::text[], $5::text[]) a
