-- Which rows of fire pixels stand, and which does a better version or another copy replace?
--
-- heat   (source, line, satellite, minute, day, lat_e5, lon_e5, confidence, static, frp_kw, standard)
-- extent (source, south_e5, west_e5, north_e5, east_e5)   what each file declares; a box whose
--        west is above its east crosses the antimeridian
--
-- state 0: it stands.  1: a file of the archive's standard processing holds the same satellite and
-- UTC day, and the row, in near real time, lies in the extent of that file.  Positions differ
-- between versions, so none is compared.  2: the same observation in a file with a later id.
WITH standard_day AS (
    SELECT DISTINCT
        heat.satellite,
        heat.day,
        extent.south_e5,
        extent.west_e5,
        extent.north_e5,
        extent.east_e5
    FROM heat
    INNER JOIN extent ON extent.source = heat.source
    WHERE heat.standard = 1
),

superseded AS (
    SELECT DISTINCT
        heat.source,
        heat.line
    FROM heat
    INNER JOIN standard_day
        ON standard_day.satellite = heat.satellite AND standard_day.day = heat.day
    WHERE heat.standard = 0
        AND heat.lat_e5 BETWEEN standard_day.south_e5 AND standard_day.north_e5
        AND CASE
            WHEN standard_day.west_e5 <= standard_day.east_e5
                THEN heat.lon_e5 BETWEEN standard_day.west_e5 AND standard_day.east_e5
            ELSE heat.lon_e5 >= standard_day.west_e5 OR heat.lon_e5 <= standard_day.east_e5
        END
),

first_copy AS (
    SELECT
        heat.*,
        MIN(heat.source) OVER (
            PARTITION BY
                heat.satellite, heat.minute, heat.lat_e5, heat.lon_e5,
                heat.confidence, heat.static, heat.frp_kw, heat.standard
        ) AS first_source
    FROM heat
)

SELECT
    first_copy.*,
    CASE
        WHEN superseded.line IS NOT NULL THEN 1
        WHEN first_copy.source > first_copy.first_source THEN 2
        ELSE 0
    END AS state
FROM first_copy
LEFT JOIN superseded
    ON superseded.source = first_copy.source AND superseded.line = first_copy.line
