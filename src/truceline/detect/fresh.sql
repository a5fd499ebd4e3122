-- Heat that is no source that is always there: what incident candidates are made of.
--
-- heat (cell, lat_e5, lon_e5, minute, day, satellite, static, source, line)
-- mask (cell, month, static)     from static.sql
-- calendar (day, month)
SELECT
    heat.lat_e5,
    heat.lon_e5,
    heat.minute,
    heat.satellite,
    heat.source,
    heat.line
FROM heat
INNER JOIN calendar ON calendar.day = heat.day
INNER JOIN mask ON mask.cell = heat.cell AND mask.month = calendar.month
WHERE heat.static < 1 AND mask.static = 0
ORDER BY heat.minute, heat.lat_e5, heat.lon_e5, heat.satellite, heat.source, heat.line
