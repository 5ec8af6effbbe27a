-- The whole audit, chain by chain. Index audit_chain_number.
select chain, number, tenant_id, (extract(epoch from at) * 1000000)::bigint as microsecond, actor, action, subject, request_id, before, after, hash
  from audit order by chain, number
