-- Which heat lies within reach of which site in its time?
--
-- heat  (cell, lat_e5, lon_e5, minute, day, and what else a row of heat has)
-- cover (cell, site)   one row for each cell that a site's circle may touch, sorted by cell
-- circle (site, lat_e5, lon_e5, narrow2, sure_in, sure_out, sin2, first_minute, last_minute)
--        positions as DOUBLE, since whole numbers are checked for overflow at every difference
--        narrow2  = cosine of the site's latitude, squared
--        sure_in, sure_out: squares in the plane of the site, 1e-10 square degrees of latitude, up
--                   to which heat is surely within reach, and beyond which it surely is not;
--                   -1 and infinity near poles and the antimeridian, where the plane says nothing
--        sin2     = sin(radius / (2 * earth radius)) squared
-- rule  (slack)   one row: next to nothing, for what an engine may round
--
-- Positions in 1e-5 degrees, minutes since 1970-01-01 UTC, both ends included.  Cells and the plane
-- only make it fast: they say what the distance on the sphere would, or leave it to decide.  The
-- rule stands in a table of its own so that an engine joins by cell first and decides then, which is
-- twice as fast.
WITH met AS (
    SELECT
        heat.*,
        circle.site,
        circle.narrow2,
        circle.sure_in,
        circle.sure_out,
        circle.sin2,
        circle.first_minute,
        circle.last_minute,
        heat.lat_e5 - circle.lat_e5 AS north,
        heat.lon_e5 - circle.lon_e5 AS east
    FROM heat
    INNER JOIN cover ON cover.cell = heat.cell
    INNER JOIN circle ON circle.site = cover.site
),

placed AS (
    SELECT
        met.*,
        north * north + narrow2 * east * east AS flat
    FROM met
)

SELECT
    site,
    lat_e5,
    lon_e5,
    minute,
    day,
    satellite,
    confidence,
    static,
    frp_kw,
    standard,
    source,
    line
FROM placed
CROSS JOIN rule
WHERE CASE
        WHEN flat > sure_out THEN 1.0
        WHEN minute NOT BETWEEN first_minute AND last_minute THEN 1.0
        WHEN flat <= sure_in THEN -1.0
        ELSE
            SIN(RADIANS(north) / 200000.0) * SIN(RADIANS(north) / 200000.0)
            + COS(RADIANS(lat_e5 / 100000.0)) * COS(RADIANS((lat_e5 - north) / 100000.0))
            * SIN(RADIANS(east) / 200000.0) * SIN(RADIANS(east) / 200000.0)
            - sin2
    END <= slack
