"""The administration: what every installation has (addons, jobs, audit, health, settings, picklists, navigation).

Pages about people come from the addon that keeps them, through the hooks `blueprints` and `settings_pages`.
"""
