"""What is made and sold."""

from .errors import N_
from .labelled import Labelled


class Commodity(Labelled):
    """The kind of food; it decides which stages a batch's chain is expected to show."""

    VEGETABLES = "vegetables", N_("Rau, củ")
    FRUIT = "fruit", N_("Trái cây")
    RICE = "rice", N_("Gạo")
    TEA = "tea", N_("Chè")
    MUSHROOMS = "mushrooms", N_("Nấm")
    MEAT = "meat", N_("Thịt gia súc")
    POULTRY = "poultry", N_("Thịt gia cầm")
    EGGS = "eggs", N_("Trứng")
    MILK = "milk", N_("Sữa")
    FISH = "fish", N_("Thủy sản")
    HONEY = "honey", N_("Mật ong")
    PROCESSED = "processed", N_("Thực phẩm chế biến")
    OTHER = "other", N_("Thực phẩm khác")
