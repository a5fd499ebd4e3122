-- Which heat lies within reach of which site on its dates?
--
-- heat  (id, cell, lat_e5, lon_e5, day)     positions in 1e-5 degrees, days since 1970-01-01
-- site  (id, lat_e5, lon_e5, sin2, first_day, last_day)   first_day: since when it is looked for
--                                          sin2 = sin(radius / (2 * earth radius)) squared
-- cover (cell, site)                       all cells that a site's circle may touch, by cell
--
-- Cells only make it fast; the distance on the sphere decides.
WITH pair AS (
    SELECT
        cover.site,
        heat.id,
        POWER(SIN(RADIANS(heat.lat_e5 - site.lat_e5) / 200000.0), 2)
        + COS(RADIANS(heat.lat_e5 / 100000.0)) * COS(RADIANS(site.lat_e5 / 100000.0))
        * POWER(SIN(RADIANS(heat.lon_e5 - site.lon_e5) / 200000.0), 2) AS sin2,
        site.sin2 AS reach
    FROM cover
    INNER JOIN site ON site.id = cover.site
    INNER JOIN heat ON heat.cell = cover.cell
    WHERE heat.day BETWEEN site.first_day AND site.last_day
)
SELECT site, id, sin2
FROM pair
WHERE sin2 <= reach
ORDER BY site, id
