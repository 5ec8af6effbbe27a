-- One row per state change, in its transaction, in the chains of their lanes. $1 lanes, $2 tenants, $3 actors, $4 actions, $5 subjects, $6 request ids, $7 before, $8 after.
insert into audit (chain, tenant_id, actor, action, subject, request_id, before, after)
select 'lane/' || a.lane, a.tenant, a.actor, a.action, a.subject, a.request, a.before, a.after
  from unnest($1::int4[], $2::int8[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
    a (lane, tenant, actor, action, subject, request, before, after)
