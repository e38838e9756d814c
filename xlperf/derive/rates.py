"""Rates and differences. Where two derivations share a pattern, the first whose operands are all there counts."""

from __future__ import annotations

from typing import Any

from xlperf.derive.derivation import derived


@derived("staff_control_rate", cites="caiyu-2013-53")
def staff_control_rate(staff_actual: Any, staff_quota: Any) -> Any:
    """在职人员控制率 = 实际在职人数 / 编制数."""
    return staff_actual / staff_quota


@derived("building_area_control_rate", cites="caiyu-2013-53")
def building_area_control_rate(building_area_actual: Any, building_area_approved: Any) -> Any:
    """规模控制率 = 实际规模 / 批复规模."""
    return building_area_actual / building_area_approved


@derived("building_investment_control_rate", cites="caiyu-2013-53")
def building_investment_control_rate(building_investment_actual: Any, building_investment_approved: Any) -> Any:
    """投资概算控制率 = 实际投资 / 预算投资."""
    return building_investment_actual / building_investment_approved


@derived("execution_rate", cites="shaoyang-form-2023")
def execution_rate(annual_spent: Any, execution_base: Any) -> Any:
    """执行率 = 全年执行数 / 全年预算数, or whichever budget the variant measures execution on."""
    return annual_spent / execution_base


@derived("*_execution_rate", cites="shaoyang-form-2023")
def row_execution_rate(_annual_spent: Any, _execution_base: Any) -> Any:
    """某一行的执行率 = 这一行的全年执行数 / 全年预算数, the same budget as the total's."""
    return _annual_spent / _execution_base


@derived("budget_change", cites="arithmetic")
def budget_change(annual_budget: Any, opening_budget: Any) -> Any:
    """预算调整额 = 全年预算数 - 年初预算数."""
    return annual_budget - opening_budget


@derived("budget_adjustment_rate", cites="control-rates")
def budget_adjustment_rate(budget_change: Any, opening_budget: Any) -> Any:
    """预算调整率 = (全年预算数 - 年初预算数) / 年初预算数."""
    return budget_change / opening_budget


@derived("balance", cites="layout-fujian")
def balance(annual_budget: Any, annual_spent: Any) -> Any:
    """结余 = 全年可用的资金 - 全年执行数."""
    return annual_budget - annual_spent


@derived("balance_rate", cites="layout-fujian")
def balance_rate(balance: Any, annual_budget: Any) -> Any:
    """资金结余率 = 结余 / 全年可用的资金."""
    return balance / annual_budget


@derived("sangong_change_rate", cites="caiyu-2013-53")
def sangong_change_rate(sangong_budget: Any, sangong_prior_budget: Any) -> Any:
    """三公经费变动率 = (本年预算 - 上年预算) / 上年预算: budget on budget, not on last year's final accounts."""
    return (sangong_budget - sangong_prior_budget) / sangong_prior_budget


@derived("*_change", cites="arithmetic")
def change(_current: Any, _prior: Any) -> Any:
    """增减额 = 本年数 - 上年数."""
    return _current - _prior


@derived("*_growth_rate", cites="arithmetic")
def growth_rate(_change: Any, _prior: Any) -> Any:
    """增长率 = 增减额 / 上年数."""
    return _change / _prior


@derived("*_growth_rate", cites="arithmetic")
def growth_rate_on_implied_prior(_change: Any, _current: Any) -> Any:
    """增长率 = 增减额 / (本年数 - 增减额): a report often gives the change but not last year's figure."""
    return _change / (_current - _change)
