"""The field types under the short names that addon authors write: `fields.Text(...)`, `fields.Link(...)`."""

from core.records.fields import AnyLinkField as AnyLink
from core.records.fields import AutoNumberField as AutoNumber
from core.records.fields import CasesField as Cases
from core.records.fields import ChildrenField as Children
from core.records.fields import ChoiceField as Choice
from core.records.fields import DataField as Data
from core.records.fields import DateField as Date
from core.records.fields import DateTimeField as DateTime
from core.records.fields import DecimalField as Decimal
from core.records.fields import DurationField as Duration
from core.records.fields import EmailField as Email
from core.records.fields import Field
from core.records.fields import FileField as File
from core.records.fields import FlagField as Flag
from core.records.fields import FormulaField as Formula
from core.records.fields import ImageField as Image
from core.records.fields import IntegerField as Integer
from core.records.fields import LinkField as Link
from core.records.fields import LongTextField as LongText
from core.records.fields import ManyField as Many
from core.records.fields import MoneyField as Money
from core.records.fields import MultiChoiceField as MultiChoice
from core.records.fields import NamesField as Names
from core.records.fields import PercentField as Percent
from core.records.fields import PhoneField as Phone
from core.records.fields import RichTextField as RichText
from core.records.fields import RollupField as Rollup
from core.records.fields import SecretField as Secret
from core.records.fields import TagsField as Tags
from core.records.fields import TextField as Text
from core.records.fields import UrlField as Url
from core.records.name_fields import NameField as Name
from core.records.name_fields import RecordTypeField as RecordType

__all__ = [
    "AnyLink", "AutoNumber", "Cases", "Children", "Choice", "Data", "Date", "DateTime", "Decimal", "Duration", "Email", "Field",
    "File", "Flag", "Formula", "Image", "Integer", "Link", "LongText", "Many", "Money", "MultiChoice", "Name", "Names",
    "Percent", "Phone", "RecordType", "RichText", "Rollup", "Secret", "Tags", "Text", "Url",
]
