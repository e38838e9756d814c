Function PERF_CHECK(area)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        PERF_CHECK = XLPy.CallUDF("xlperf.udf.excel", "PERF_CHECK", Array(area), ThisWorkbook, Application.Caller)
        Exit Function
    #Else
        PERF_CHECK = XLPy.CallUDF("xlperf.udf.excel", "PERF_CHECK", Array(area))
        Exit Function
    #End If
failed:
    PERF_CHECK = Err.Description
End Function

Function PERF_CONTROL_RATE(actual, approved)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        PERF_CONTROL_RATE = XLPy.CallUDF("xlperf.udf.excel", "PERF_CONTROL_RATE", Array(actual, approved), ThisWorkbook, Application.Caller)
        Exit Function
    #Else
        PERF_CONTROL_RATE = XLPy.CallUDF("xlperf.udf.excel", "PERF_CONTROL_RATE", Array(actual, approved))
        Exit Function
    #End If
failed:
    PERF_CONTROL_RATE = Err.Description
End Function

Function PERF_EXECUTION_RATE(actual, budget)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        PERF_EXECUTION_RATE = XLPy.CallUDF("xlperf.udf.excel", "PERF_EXECUTION_RATE", Array(actual, budget), ThisWorkbook, Application.Caller)
        Exit Function
    #Else
        PERF_EXECUTION_RATE = XLPy.CallUDF("xlperf.udf.excel", "PERF_EXECUTION_RATE", Array(actual, budget))
        Exit Function
    #End If
failed:
    PERF_EXECUTION_RATE = Err.Description
End Function

Function PERF_EXECUTION_SCORE(actual, budget, Optional weight)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        PERF_EXECUTION_SCORE = XLPy.CallUDF("xlperf.udf.excel", "PERF_EXECUTION_SCORE", Array(actual, budget, weight), ThisWorkbook, Application.Caller)
        Exit Function
    #Else
        PERF_EXECUTION_SCORE = XLPy.CallUDF("xlperf.udf.excel", "PERF_EXECUTION_SCORE", Array(actual, budget, weight))
        Exit Function
    #End If
failed:
    PERF_EXECUTION_SCORE = Err.Description
End Function

Function PERF_GRADE(score)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        PERF_GRADE = XLPy.CallUDF("xlperf.udf.excel", "PERF_GRADE", Array(score), ThisWorkbook, Application.Caller)
        Exit Function
    #Else
        PERF_GRADE = XLPy.CallUDF("xlperf.udf.excel", "PERF_GRADE", Array(score))
        Exit Function
    #End If
failed:
    PERF_GRADE = Err.Description
End Function

Function PERF_GROWTH_RATE(current, prior)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        PERF_GROWTH_RATE = XLPy.CallUDF("xlperf.udf.excel", "PERF_GROWTH_RATE", Array(current, prior), ThisWorkbook, Application.Caller)
        Exit Function
    #Else
        PERF_GROWTH_RATE = XLPy.CallUDF("xlperf.udf.excel", "PERF_GROWTH_RATE", Array(current, prior))
        Exit Function
    #End If
failed:
    PERF_GROWTH_RATE = Err.Description
End Function

Function PERF_INDICATOR_SCORE(target, actual, weight, Optional variant_id)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        PERF_INDICATOR_SCORE = XLPy.CallUDF("xlperf.udf.excel", "PERF_INDICATOR_SCORE", Array(target, actual, weight, variant_id), ThisWorkbook, Application.Caller)
        Exit Function
    #Else
        PERF_INDICATOR_SCORE = XLPy.CallUDF("xlperf.udf.excel", "PERF_INDICATOR_SCORE", Array(target, actual, weight, variant_id))
        Exit Function
    #End If
failed:
    PERF_INDICATOR_SCORE = Err.Description
End Function

Function PERF_SCORE(area)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        PERF_SCORE = XLPy.CallUDF("xlperf.udf.excel", "PERF_SCORE", Array(area), ThisWorkbook, Application.Caller)
        Exit Function
    #Else
        PERF_SCORE = XLPy.CallUDF("xlperf.udf.excel", "PERF_SCORE", Array(area))
        Exit Function
    #End If
failed:
    PERF_SCORE = Err.Description
End Function

Sub add_indicator_book()
    #If App = "Microsoft Excel" Then
        XLPy.CallUDF "xlperf.udf.runpython", "add_indicator_book", Array(), ThisWorkbook, Application.Caller
    #Else
        XLPy.CallUDF "xlperf.udf.runpython", "add_indicator_book", Array()
    #End If
End Sub

Sub add_project_book()
    #If App = "Microsoft Excel" Then
        XLPy.CallUDF "xlperf.udf.runpython", "add_project_book", Array(), ThisWorkbook, Application.Caller
    #Else
        XLPy.CallUDF "xlperf.udf.runpython", "add_project_book", Array()
    #End If
End Sub

Sub check_book()
    #If App = "Microsoft Excel" Then
        XLPy.CallUDF "xlperf.udf.runpython", "check_book", Array(), ThisWorkbook, Application.Caller
    #Else
        XLPy.CallUDF "xlperf.udf.runpython", "check_book", Array()
    #End If
End Sub

Sub clear_book()
    #If App = "Microsoft Excel" Then
        XLPy.CallUDF "xlperf.udf.runpython", "clear_book", Array(), ThisWorkbook, Application.Caller
    #Else
        XLPy.CallUDF "xlperf.udf.runpython", "clear_book", Array()
    #End If
End Sub

Sub compare_book()
    #If App = "Microsoft Excel" Then
        XLPy.CallUDF "xlperf.udf.runpython", "compare_book", Array(), ThisWorkbook, Application.Caller
    #Else
        XLPy.CallUDF "xlperf.udf.runpython", "compare_book", Array()
    #End If
End Sub

Sub drop_placeholders_book()
    #If App = "Microsoft Excel" Then
        XLPy.CallUDF "xlperf.udf.runpython", "drop_placeholders_book", Array(), ThisWorkbook, Application.Caller
    #Else
        XLPy.CallUDF "xlperf.udf.runpython", "drop_placeholders_book", Array()
    #End If
End Sub

Sub fill_book()
    #If App = "Microsoft Excel" Then
        XLPy.CallUDF "xlperf.udf.runpython", "fill_book", Array(), ThisWorkbook, Application.Caller
    #Else
        XLPy.CallUDF "xlperf.udf.runpython", "fill_book", Array()
    #End If
End Sub

Sub freeze_book()
    #If App = "Microsoft Excel" Then
        XLPy.CallUDF "xlperf.udf.runpython", "freeze_book", Array(), ThisWorkbook, Application.Caller
    #Else
        XLPy.CallUDF "xlperf.udf.runpython", "freeze_book", Array()
    #End If
End Sub

Sub hand_in_book()
    #If App = "Microsoft Excel" Then
        XLPy.CallUDF "xlperf.udf.runpython", "hand_in_book", Array(), ThisWorkbook, Application.Caller
    #Else
        XLPy.CallUDF "xlperf.udf.runpython", "hand_in_book", Array()
    #End If
End Sub

Sub help_book()
    #If App = "Microsoft Excel" Then
        XLPy.CallUDF "xlperf.udf.runpython", "help_book", Array(), ThisWorkbook, Application.Caller
    #Else
        XLPy.CallUDF "xlperf.udf.runpython", "help_book", Array()
    #End If
End Sub

Sub import_book()
    #If App = "Microsoft Excel" Then
        XLPy.CallUDF "xlperf.udf.runpython", "import_book", Array(), ThisWorkbook, Application.Caller
    #Else
        XLPy.CallUDF "xlperf.udf.runpython", "import_book", Array()
    #End If
End Sub

Sub next_book()
    #If App = "Microsoft Excel" Then
        XLPy.CallUDF "xlperf.udf.runpython", "next_book", Array(), ThisWorkbook, Application.Caller
    #Else
        XLPy.CallUDF "xlperf.udf.runpython", "next_book", Array()
    #End If
End Sub

Sub next_year_book()
    #If App = "Microsoft Excel" Then
        XLPy.CallUDF "xlperf.udf.runpython", "next_year_book", Array(), ThisWorkbook, Application.Caller
    #Else
        XLPy.CallUDF "xlperf.udf.runpython", "next_year_book", Array()
    #End If
End Sub

Sub previous_book()
    #If App = "Microsoft Excel" Then
        XLPy.CallUDF "xlperf.udf.runpython", "previous_book", Array(), ThisWorkbook, Application.Caller
    #Else
        XLPy.CallUDF "xlperf.udf.runpython", "previous_book", Array()
    #End If
End Sub

Sub report_book()
    #If App = "Microsoft Excel" Then
        XLPy.CallUDF "xlperf.udf.runpython", "report_book", Array(), ThisWorkbook, Application.Caller
    #Else
        XLPy.CallUDF "xlperf.udf.runpython", "report_book", Array()
    #End If
End Sub

