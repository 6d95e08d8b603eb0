"""The Catalogue app in the navigation."""

from core.api import MenuItem, _

MENU = (
    MenuItem("catalogue", _("Catalogue"), icon="box-seam", record="catalogue.product", order=40),
    MenuItem("catalogue_products", _("Products"), icon="box-seam", record="catalogue.product", app="catalogue", order=10),
    MenuItem("catalogue_categories", _("Categories"), icon="diagram-3", record="catalogue.category", app="catalogue", order=20),
    MenuItem("catalogue_families", _("Families and options"), icon="collection", record="catalogue.family", app="catalogue", order=25),
    MenuItem("catalogue_lists", _("Price lists"), icon="tags", record="catalogue.price_list", app="catalogue", order=30),
    MenuItem("catalogue_check", _("Price check"), icon="tag", url="/x/catalogue/check", app="catalogue", order=12),
    MenuItem("catalogue_configure", _("Configurator"), icon="sliders", url="/x/catalogue/configure", app="catalogue", order=14),
    MenuItem("catalogue_compare", _("Suppliers' prices"), icon="bar-chart-steps", url="/x/catalogue/compare", app="catalogue", order=35),
    MenuItem("catalogue_discount_lists", _("Discount lists"), icon="sort-down", record="catalogue.discount_list", app="catalogue",
             order=40),
    MenuItem("catalogue_discounts", _("Discount rules"), icon="scissors", record="catalogue.discount", app="catalogue", order=45),
    MenuItem("catalogue_units", _("Units"), icon="rulers", record="catalogue.unit_group", app="catalogue", order=70),
    MenuItem("catalogue_taxes", _("Taxes"), icon="bank", record="catalogue.tax_class", app="catalogue", order=75),
    MenuItem("catalogue_ceilings", _("Discount ceilings"), icon="shield-check", record="catalogue.ceiling", app="catalogue", order=80),
)
