"""Time zones to choose from: one for each clock that many people live by, by region. Any other that
the database of zones knows is taken, too."""

from zoneinfo import available_timezones

#: Region of the database → its cities, west to east.
COMMON = {
    "America": (
        "Anchorage Los_Angeles Vancouver Phoenix Denver Edmonton Chicago Winnipeg Mexico_City Bogota"
        " Lima New_York Toronto Havana Caracas Santiago La_Paz Halifax St_Johns Asuncion"
        " Argentina/Buenos_Aires Montevideo Sao_Paulo"
    ),
    "Atlantic": "Azores Cape_Verde Reykjavik",
    "Africa": "Casablanca Accra Lagos Algiers Tunis Johannesburg Cairo Nairobi",
    "Europe": (
        "Lisbon Dublin London Madrid Paris Brussels Amsterdam Zurich Berlin Copenhagen Oslo Rome"
        " Stockholm Vienna Prague Budapest Warsaw Belgrade Athens Bucharest Sofia Helsinki Riga"
        " Kyiv Istanbul Moscow"
    ),
    "Asia": (
        "Jerusalem Beirut Riyadh Baghdad Tehran Dubai Baku Tbilisi Kabul Karachi Tashkent Kolkata"
        " Colombo Kathmandu Dhaka Yangon Bangkok Ho_Chi_Minh Jakarta Shanghai Hong_Kong Singapore"
        " Manila Taipei Seoul Tokyo"
    ),
    "Australia": "Perth Darwin Adelaide Brisbane Sydney Hobart",
    "Pacific": "Honolulu Guam Noumea Auckland Fiji Tongatapu",
}


def is_zone(name: str) -> bool:
    """Whether it is a place's time zone."""
    return "/" in name and not name.startswith("Etc/") and name in available_timezones()


def choices(first: str, chosen: str = "") -> list[tuple[str, object]]:
    """For a select: `first` (nothing chosen), then the regions; `chosen` is in it in any case."""
    regions = {
        region: [(f"{region}/{city}", _city(city)) for city in cities.split()]
        for region, cities in COMMON.items()
    }
    region, _slash, city = chosen.partition("/")
    listed = regions.setdefault(region, []) if is_zone(chosen) else None
    if listed is not None and (chosen, _city(city)) not in listed:
        listed.append((chosen, _city(city)))
    return [("", first), *regions.items()]


def _city(city: str) -> str:
    return city.rpartition("/")[2].replace("_", " ")
