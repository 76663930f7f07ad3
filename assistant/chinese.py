"""Chinese questions about English documents: the terms that a small model mistranslates. Pure.

A model of 1.5 billion parameters knows the grammar but not that 小鹏 is XPeng or 2000亿 200 billion; it
is told both, and what it leaves Chinese or drops is put right.
"""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Sequence

from assistant.asked import UNITS_OF_KIND
from assistant.figures import read_figures, supports
from assistant.lexical import tokens
from assistant.periods import label
from assistant.synonyms import alike
from assistant.times import TIME_UNITS
from assistant.types import Figure

_NAMES = (
    "小米集团=Xiaomi; 小米汽车=Xiaomi cars; 小米=Xiaomi; 雷军=Lei Jun; 卢伟冰=Lu Weibing; 玄戒=XRING; "
    "澎湃=HyperOS; 比亚迪=BYD; 小鹏汽车=XPeng; 小鹏=XPeng; 蔚来=NIO; 理想汽车=Li Auto; 理想=Li Auto; "
    "特斯拉=Tesla; 华为=Huawei; 苹果=Apple; 吉利=Geely; 零跑=Leapmotor; 长安=Changan; 宁德时代=CATL; "
    "台积电=TSMC; 三星=Samsung; 高通=Qualcomm; 联发科=MediaTek; 阿里巴巴=Alibaba; 腾讯=Tencent; "
    "百度=Baidu; 英伟达=Nvidia; 英特尔=Intel; 广汽=GAC; 上汽=SAIC; 北汽=BAIC; 奇瑞=Chery; 长城汽车=Great Wall Motor; 赛力斯=Seres; "
    "极氪=Zeekr; 阿维塔=Avatr; 智界=Luxeed; 中芯国际=SMIC; 林斌=Lin Bin; 北京=Beijing; 上海=Shanghai; 武汉=Wuhan; 深圳=Shenzhen; "
    "南京=Nanjing; 重庆=Chongqing; 慕尼黑=Munich; 德国=Germany; 印度=India; 日本=Japan; 香港=Hong Kong; 瑞银=UBS; 花旗=Citi; "
    "美银=Bank of America; 摩根大通=JPMorgan; 鸿蒙智行=HIMA; 问界=AITO; 大众=Volkswagen; 丰田=Toyota; 高盛=Goldman Sachs; "
    "摩根士丹利=Morgan Stanley; 工信部=MIIT; 中汽协=CAAM; 路透=Reuters; 中国=China; 美国=US; 欧洲=Europe"
)
_WORDS = (
    "研发费用=R&D expense; 研发投入=R&D investment; 研发支出=R&D expense; 研发人员=R&D staff; "
    "研发计划=R&D plan; 研发=R&D; 营业收入=revenue; 总收入=total revenue; 收入=revenue; 营收=revenue; "
    "经调整净利润=adjusted net profit; 调整后净利润=adjusted net profit; 净利润=net profit; "
    "经营利润=operating profit; 毛利率=gross margin; 毛利=gross profit; 利润率=margin; 现金=cash; "
    "市值=market value; 股价=share price; 目标价=price target; 交付目标=delivery target; "
    "交付量=deliveries; 交付=deliver; 销量=sales; 产能=capacity; 召回=recall; 电动汽车=electric cars; "
    "电动车=electric cars; 新能源汽车=new-energy vehicles; 智能手机=smartphone; 手机=smartphone; "
    "芯片=chip; 制程=process node; 晶体管=transistors; 大模型=large AI model; 操作系统=operating system; "
    "自动驾驶=autonomous driving; 门店=stores; 平均售价=average selling price; 均价=average price; "
    "同比=year on year; 环比=quarter on quarter; 百分之几=what percentage; 折合=worth; 美元=US dollars; "
    "造车业务=car business; 造车=car business; 智能家电=smart home appliances; 家电=home appliances; 空调=air conditioners; 冰箱=refrigerators; 洗衣机=washing machines; "
    "平板=tablets; 电视=televisions; 手表=watch; 可穿戴=wearables; 工厂=factory; 产线=production line; 二期=phase two; 一期=phase one; "
    "三期=phase three; 出货量=shipments; 市场份额=market share; 份额=share; 排名=rank; 整车毛利率=vehicle margin; 车辆毛利率=vehicle margin; 汽车毛利率=vehicle margin; 营业利润=operating profit; "
    "亏损=loss; 负债=liabilities; 资产=assets; 现金流=cash flow; 股息=dividend; 分红=dividend; 回购=buy back; 配售=placement; 做空=short selling; "
    "空头=short interest; 评级=rating; 投资者=investors; 董事长=chairman; 总裁=president; 首席执行官=CEO; 创始人=founder; 许可证=permit; "
    "准入=permit; 法规=rules; 标准=standard; 新规=new rule; 门把手=door handles; 事故=accident; 碰撞=crash; 死亡=deaths; 补贴=subsidy; "
    "购置税=purchase tax; 关税=tariff; 出口=exports; 锁单=locked-in orders; 订单=orders; 售价=price; 起售价=starting price; 定价=price; "
    "上市=launch; 发布=launch; 续航=range; 充电=charging; 电池=battery; 辅助驾驶=driver assistance; 智驾=driver assistance; 参数=parameters; "
    "开源=open source; 许可=licence; 获奖=won; 奖金=prize money; 大奖=award; 工程师=engineers; 博士=PhDs; 设计中心=design centre; "
    "研发中心=R&D centre; 三年=three years; 五年=five years; 未来五年=next five years; 过去五年=past five years; 季度=quarter; 年度=annual; "
    "港元=Hong Kong dollars; 集团收入=group revenue; 业务=business; 分部=segment; 员工=employees; 专利=patents; 多少辆=how many cars"
)


def _table(text: str) -> dict[str, str]:
    pairs = (pair.split("=") for pair in text.split(";"))
    return {chinese.strip(): english.strip() for chinese, english in pairs}


NAMES = _table(_NAMES)
TERMS = {**NAMES, **_table(_WORDS)}
_TERM = re.compile("|".join(sorted(TERMS, key=len, reverse=True)))
_CJK_RUN = re.compile(r"\s*[぀-ヿ一-鿿가-힯]+\s*")
_CJK = re.compile(r"[぀-ヿ一-鿿가-힯]")


_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")


def is_foreign(text: str) -> bool:
    """True for a text in Chinese, Japanese or Korean; not for an English one with a character of theirs."""
    characters = len(_CJK.findall(text))
    return characters > 0 and characters >= len(_LATIN_WORD.findall(text)) // 2


def hints(text: str) -> dict[str, str]:
    """The terms, amounts and periods of a question with their English."""
    found = {match[0]: TERMS[match[0]] for match in _TERM.finditer(text)}
    for figure in read_figures(text):
        if is_foreign(figure.text):
            found[figure.text] = _english(figure)
    return found


# Words that a translation may well put otherwise: nothing is asked of them.
_FRAME = frozenset(
    "百分之几 折合 业务 分部 多少辆 季度 年度 三年 五年 未来五年 过去五年 同比 环比 上市 发布 获奖 现金 标准 准入 许可 美元 港元 人民币".split()
)


def mended(english: str, text: str, invented: Sequence[str] = ()) -> str:
    """A translation with every name, amount and period of the Chinese question in it.

    `invented` are names that the model knows from its examples only.
    """
    out = _TERM.sub(lambda match: f" {TERMS[match[0]]} ", english)
    out = re.sub(r"\s+(?=[?.,;:'’)])", "", " ".join(out.split()))
    for name in invented:
        out = re.sub(rf"\b{re.escape(name)}(?:['’]s)?\s+", "", out)
    missing = [
        NAMES[match[0]]
        for match in _TERM.finditer(text)
        if match[0] in NAMES and NAMES[match[0]].lower() not in out.lower()
    ]
    written = read_figures(out)
    lost = [f for f in read_figures(text) if not any(_same(w, f) for w in written)]
    periods = [_when(figure) for figure in lost if figure.unit in TIME_UNITS]
    amounts = [_english(f) for f in lost if f.unit not in TIME_UNITS and f.scale]
    # "280亿还是290亿?": two amounts to choose from stand at the end, others beside the names.
    choice = amounts[-2:] if len(amounts) > 1 and re.search("还是|或", text) else []
    told = alike(tokens(out))
    lost_terms = [
        TERMS[match[0]]
        for match in _TERM.finditer(text)
        if match[0] not in NAMES
        and match[0] not in _FRAME
        and not told & set(tokens(TERMS[match[0]]))
    ]
    beside = [*dict.fromkeys(missing + lost_terms), *amounts[: len(amounts) - len(choice)]]
    names = f" ({', '.join(beside)})" if beside else ""
    when = f" in {' and '.join(periods)}" if periods else ""
    which = f": {' or '.join(choice)}" if choice else ""
    lost_dollars = "美元" in text and not re.search(r"dollar|USD|US\$", out, re.IGNORECASE)
    names += " in US dollars" if lost_dollars else ""
    out = _CJK_RUN.sub(" ", out)  # what no term explains is worth no search in English documents
    return f"{out.rstrip('?？. ')}{names}{when}{which}?" if names or when or which else out


def _same(written: Figure, figure: Figure) -> bool:
    """True for the same time or amount; a bare "28 billion" may be of any currency."""
    return supports(written, figure) or (figure.scale > 0 and written.value == figure.value)


def _when(time: Figure) -> str:
    """A time in English: "March 2021" for 2021年3月."""
    if not is_foreign(label(time)):
        return label(time)
    value = int(time.value)
    if time.unit == "month" and value > 9999:
        return f"{month_name[value % 100]} {value // 100}"
    if time.unit == "date" and value > 9999:
        return f"{value % 100} {month_name[value // 100 % 100]} {value // 10000}"
    return str(time.value)


def _english(figure: Figure) -> str:
    if figure.unit in TIME_UNITS:
        return _when(figure)
    if figure.unit not in UNITS_OF_KIND["money"] and not figure.scale:
        return f"{figure.value:,f}"
    power = max((p for p in (12, 9, 6) if abs(figure.value) >= 10**p), default=0)
    name = {12: " trillion", 9: " billion", 6: " million"}.get(power, "")
    amount = f"{figure.value.scaleb(-power).normalize():,f}{name}"
    return f"{figure.unit} {amount}" if figure.unit in UNITS_OF_KIND["money"] else amount
