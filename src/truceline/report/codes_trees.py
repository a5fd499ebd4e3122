"""Acts, means and objects in plain words: the names of the trees of `domain.trees`."""

from __future__ import annotations

from truceline.report.mark import N_

ACTS = {
    "hostile_act": N_("use of force"),
    "strike": N_("strike"),
    "hit": N_("hit on the object"),
    "line_cut_by_shelling": N_("line cut by artillery"),
    "attempt_intercepted": N_("attack shot down or repelled"),
    "debris_of_interception": N_("debris of a weapon that was shot down"),
    "ground_fighting": N_("ground fighting"),
}

MEANS = {
    "any_means": N_("any weapon"),
    "air": N_("through the air"),
    "drone": N_("drone"),
    "missile": N_("missile"),
    "bomb": N_("bomb"),
    "ground": N_("from the ground"),
    "artillery": N_("artillery"),
    "explosive": N_("explosive charge"),
    "sea": N_("from the sea"),
    "unknown": N_("not known"),
    "other": N_("other"),
}

OBJECTS = {
    "object": N_("object"),
    "military": N_("military"),
    "civil": N_("civil"),
    "infrastructure": N_("infrastructure"),
    "transport": N_("transport"),
    "railway": N_("railway"),
    "port": N_("port"),
    "water": N_("water"),
    "energy": N_("energy"),
    "oil": N_("oil"),
    "refinery": N_("refinery"),
    "oil_pipeline": N_("oil pipeline"),
    "oil_storage": N_("oil storage"),
    "gas": N_("gas"),
    "gas_field": N_("gas field"),
    "gas_processing": N_("gas processing"),
    "gas_pipeline": N_("gas pipeline"),
    "gas_compressor": N_("gas compressor"),
    "gas_metering": N_("gas metering"),
    "gas_distribution": N_("gas distribution"),
    "gas_storage": N_("gas storage"),
    "electricity": N_("electricity"),
    "power_plant": N_("power plant"),
    "nuclear_plant": N_("nuclear plant"),
    "hydro_dam": N_("hydro dam"),
    "substation": N_("substation"),
    "transformer": N_("transformer"),
    "power_line": N_("power line"),
    "power_distribution": N_("power distribution"),
    "heat_network": N_("heat network"),
}
