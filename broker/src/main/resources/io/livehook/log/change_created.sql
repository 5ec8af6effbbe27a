-- R12. New subscriptions. A column each.
insert into subscription (id, public_id, tenant_id, resource_id, lane, label, callback, callback_hash, host,
  from_ver, from_sequence, strict, max_in_flight, retry_schedule, secret, lease_until, mode, merge, form)
select c.i, c.p, c.t, c.r, c.l, c.b, c.c, c.h, c.o, c.v, c.q, c.s, c.m, c.y, c.k,
       case when c.e < 253402300800000 then to_timestamp(c.e / 1000.0) end, c.w, c.j, c.f
  from unnest($1::int8[], $2::uuid[], $3::int8[], $4::int8[], $5::int4[], $6::text[], $7::text[], $8::bytea[], $9::text[],
    $10::int8[], $11::int8[], $12::bool[], $13::int4[], $14::text[], $15::text[], $16::int8[], $17::text[], $18::bool[], $19::text[]) c (i, p, t, r, l, b, c, h, o, v, q, s, m, y, k, e, w, j, f)
