-- Which heat lies within reach of which site in its time?
--
-- heat  (cell, lat_e5, lon_e5, minute, and what else a row of heat has)
-- cover (cell, site, lat_e5, lon_e5, reach_e5, sin2, first_minute, last_minute)
--        one row for each cell that a site's circle may touch, sorted by cell
--        reach_e5 = radius as degrees of latitude, rounded up
--        sin2     = sin(radius / (2 * earth radius)) squared
--
-- rule  (slack)   one row: 0
--
-- Positions in 1e-5 degrees, minutes since 1970-01-01 UTC, both ends included.  Cells, and the bound
-- in latitude, only make it fast; the distance on the sphere decides.  The rule stands in a table of
-- its own so that an engine joins by cell first and decides then, which is twice as fast.
SELECT
    cover.site,
    heat.lat_e5,
    heat.lon_e5,
    heat.minute,
    heat.satellite,
    heat.confidence,
    heat.static,
    heat.frp_kw,
    heat.standard,
    heat.source,
    heat.line
FROM heat
INNER JOIN cover ON heat.cell = cover.cell
CROSS JOIN rule
WHERE CASE
        WHEN heat.minute BETWEEN cover.first_minute AND cover.last_minute
            AND ABS(heat.lat_e5 - cover.lat_e5) <= cover.reach_e5
            THEN
                SIN(RADIANS(heat.lat_e5 - cover.lat_e5) / 200000.0)
                * SIN(RADIANS(heat.lat_e5 - cover.lat_e5) / 200000.0)
                + COS(RADIANS(heat.lat_e5 / 100000.0)) * COS(RADIANS(cover.lat_e5 / 100000.0))
                * SIN(RADIANS(heat.lon_e5 - cover.lon_e5) / 200000.0)
                * SIN(RADIANS(heat.lon_e5 - cover.lon_e5) / 200000.0)
                - cover.sin2
        ELSE 1.0
    END <= rule.slack
