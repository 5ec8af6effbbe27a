-- R12. $1 resources, $2 their sub_ver.
update resource r set sub_ver = greatest(r.sub_ver, v.ver) from unnest($1::int8[], $2::int8[]) v (id, ver) where r.id = v.id
